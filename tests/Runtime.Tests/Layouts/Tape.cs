namespace Lanyard.Tests.Layouts;

/// <summary>A row of choices that a property test makes: short rows and small choices give small examples.</summary>
internal sealed class Tape(int[] choices)
{
    private int _next;

    /// <summary>A number below a limit; zero once the choices are used up.</summary>
    public int Below(int limit) => _next < choices.Length ? choices[_next++] % limit : 0;

    public bool Chance(int percent) => Below(100) >= 100 - percent;

    public T[] Shuffle<T>(IEnumerable<T> items)
    {
        var shuffled = items.ToArray();
        for (var i = 0; i < shuffled.Length - 1; i++)
        {
            var other = i + Below(shuffled.Length - i);
            (shuffled[i], shuffled[other]) = (shuffled[other], shuffled[i]);
        }
        return shuffled;
    }
}
