namespace Lanyard.Layouts;

/// <summary>A part of a parameter that nothing stored fills.</summary>
/// <param name="Part">
/// The part: its tag, or axes that only it has, or several of them with a space between. A part that has all of them is meant: <c>k</c>, <c>rope</c>.
/// </param>
/// <param name="Value">The value of all of its elements.</param>
public sealed record LayoutConstant(string Part, double Value)
{
    /// <summary>Whether an alternative of the parameter has all that is named.</summary>
    internal bool Fills(Placement wanted)
    {
        var words = Part.Split([' '], StringSplitOptions.RemoveEmptyEntries);
        return words.Length > 0 && words.All(word => wanted.Body.Tags.Contains(word) || wanted.Body.Loops.Any(loop => loop.Key == word));
    }
}
