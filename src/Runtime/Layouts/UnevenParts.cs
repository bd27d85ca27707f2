using System.Collections.Immutable;

namespace Lanyard.Layouts;

/// <summary>
/// Parts of one dimension of which one is divided over ranks and another is whole on each: query heads beside all key heads. Whatever
/// reads both would have to know which part of the one it has.
/// </summary>
internal static class UnevenParts
{
    /// <summary>The axis that is divided and the one that is whole, for each part that is: of what the two share, as the size of a head, nothing is said.</summary>
    /// <param name="pattern">The pattern.</param>
    /// <param name="isDivided">Whether an axis is divided over tensor-parallel ranks, by itself or with one that it follows.</param>
    /// <param name="mayBeWhole">Whether a part may be whole for one of its axes: it is one index, it is declared so, or it is divided in another way.</param>
    public static IEnumerable<(AxisNode Divided, AxisNode Whole)> Of(Pattern pattern, Predicate<string> isDivided, Predicate<string> mayBeWhole)
    {
        foreach (var composition in Nodes.CompositionsOf(pattern.Items).Where(static composition => composition.Parts.Length > 1))
        {
            var parts = composition.Parts.Select(static part => Nodes.AxesOf(part.Items).ToImmutableArray()).ToList();
            foreach (var whole in parts.Where(axes => !axes.Any(axis => isDivided(axis.Name) || mayBeWhole(axis.Name))))
            {
                foreach (var divided in parts)
                {
                    if (divided.FirstOrDefault(axis => isDivided(axis.Name)) is not { } first || whole.FirstOrDefault(axis => divided.All(other => other.Name != axis.Name)) is not { } own) continue;
                    yield return (first, own);
                    break;
                }
            }
        }
    }
}
