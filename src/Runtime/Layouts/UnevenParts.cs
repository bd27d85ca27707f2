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

    /// <summary>Two axes of which one part of a dimension has the one, and another part the other: what stands in their place otherwise is the same.</summary>
    public static IEnumerable<(string First, string Second)> InPlaceOfEachOther(Pattern pattern) =>
        from composition in Nodes.CompositionsOf(pattern.Items)
        where composition.Parts.Length > 1
        let parts = composition.Parts.Select(static part => Nodes.AxesOf(part.Items).ToImmutableArray()).ToList()
        from first in parts
        from second in parts
        where Other(first, second, static _ => false) >= 0 || (first.Length == 1 && second.Length == 1 && first[0].Name != second[0].Name)
        let at = Enumerable.Range(0, first.Length).First(i => first[i].Name != second[i].Name)
        select (first[at].Name, second[at].Name);

    /// <summary>
    /// The same between patterns, where a class has in two parameters what others have in one: compositions that are alike but for one axis, which is
    /// divided in the one and whole in the other, as <c>(heads head_dim)</c> and <c>(kv_heads head_dim)</c>.
    /// </summary>
    /// <param name="patterns">The patterns.</param>
    /// <param name="isDivided">Whether an axis is divided over tensor-parallel ranks, by itself or with one that it follows.</param>
    /// <param name="mayBeWhole">As above.</param>
    /// <param name="isLabelled">Whether the indices of an axis have names: what is beside these, as gate and up of two blocks, need not belong together.</param>
    /// <returns>The positions of the patterns with the axes.</returns>
    public static IEnumerable<((int Pattern, AxisNode Axis) Divided, (int Pattern, AxisNode Axis) Whole)> Across(IReadOnlyList<Pattern> patterns, Predicate<string> isDivided, Predicate<string> mayBeWhole, Predicate<string> isLabelled)
    {
        var parts = patterns.SelectMany((pattern, i) => Nodes.CompositionsOf(pattern.Items).SelectMany(static composition => composition.Parts).Select(part => (Pattern: i, Axes: Nodes.AxesOf(part.Items).ToImmutableArray()))).Where(static part => part.Axes.Length > 1).ToList();
        foreach (var whole in parts.Where(part => !part.Axes.Any(axis => isDivided(axis.Name) || mayBeWhole(axis.Name))))
        {
            foreach (var divided in parts)
            {
                if (divided.Pattern == whole.Pattern || Other(divided.Axes, whole.Axes, isLabelled) is not (>= 0 and var other) || !isDivided(divided.Axes[other].Name)) continue;
                yield return ((divided.Pattern, divided.Axes[other]), (whole.Pattern, whole.Axes[other]));
                break;
            }
        }
    }

    /// <summary>Where two lists of axes differ; negative unless it is in one place, beside something that both have.</summary>
    private static int Other(ImmutableArray<AxisNode> a, ImmutableArray<AxisNode> b, Predicate<string> isLabelled)
    {
        if (a.Length != b.Length) return -1;
        var differing = Enumerable.Range(0, a.Length).Where(i => a[i].Name != b[i].Name).ToList();
        return differing.Count == 1 && a.Where((_, i) => i != differing[0]).Any(axis => !isLabelled(axis.Name)) ? differing[0] : -1;
    }
}
