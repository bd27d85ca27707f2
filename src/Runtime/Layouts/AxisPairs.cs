namespace Lanyard.Layouts;

/// <summary>
/// The axes of a pattern that come together in one element. Where both are divided over the same ranks, each rank holds a corner, and
/// what lies in no corner is on no rank.
/// </summary>
internal static class AxisPairs
{
    /// <summary>Every two axes of one element, in the order of the text; two of different parts are none.</summary>
    public static IEnumerable<(AxisNode First, AxisNode Second)> Of(Pattern pattern) => pattern.Alternatives.SelectMany(Of).Distinct();

    private static IEnumerable<(AxisNode First, AxisNode Second)> Of(Alternative alternative)
    {
        for (var i = 0; i < alternative.Loops.Length; i++)
        {
            // Blocks are one axis, made of others.
            if (alternative.Loops[i].Axis is BlocksNode blocks)
            {
                foreach (var pair in Alternative.Of([blocks.Composition], static _ => 1).SelectMany(Of)) yield return pair;
            }
            foreach (var first in Nodes.AxesOf(alternative.Loops[i].Axis))
            {
                foreach (var second in alternative.Loops.Skip(i + 1).SelectMany(static loop => Nodes.AxesOf(loop.Axis))) yield return (first, second);
            }
        }
    }
}
