namespace Lanyard.Layouts;

/// <summary>Indices with a constant distance: <c>Start, Start + Step, ...</c>.</summary>
/// <param name="Start">The first index.</param>
/// <param name="Count">How many indices there are.</param>
/// <param name="Step">The distance from one to the next, at least one.</param>
public readonly record struct IndexRun(long Start, long Count, long Step = 1)
{
    /// <summary>The last index; below <see cref="Start"/> when there is none.</summary>
    public long Last => Start + ((Count - 1) * Step);

    /// <summary>The indices, in order.</summary>
    internal IEnumerable<long> Indices()
    {
        for (var i = 0L; i < Count; i++) yield return Start + (i * Step);
    }
}
