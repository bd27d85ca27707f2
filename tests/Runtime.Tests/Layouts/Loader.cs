using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Lanyard.Layouts;

namespace Lanyard.Tests.Layouts;

/// <summary>What takes the place of one of vLLM's weight loaders.</summary>
/// <param name="What">Their class, and what it loads.</param>
/// <param name="Axes">The axes as a class would declare them.</param>
/// <param name="Parameter">The parameter's pattern.</param>
/// <param name="Sources">The tensors that fill it.</param>
internal sealed record Loader(string What, ImmutableArray<AxisEntry> Axes, string Parameter, params LayoutSource[] Sources)
{
    public LayoutPlan Resolve(string sizes, Topology topology) => Layout.Resolve(Parameter, Sources, RankAxes.Of(Axes, sizes, topology));

    /// <summary>The same with other padding.</summary>
    public Loader PadTo(int multiple) => this with { Axes = [.. Axes.Select(axis => axis.PadTo == 1 ? axis : axis with { PadTo = multiple })] };

    /// <summary>The row of the documentation's table.</summary>
    public string Row(string heldAgainst) => DocPage.Row(
        What,
        DocPage.Stack(Axes.Where(axis => (axis.Shard != Shard.None || !axis.Labels.IsEmpty || axis.Follows is not null) && Uses(axis.Name)).Select(Declared)),
        DocPage.Code(Parameter),
        DocPage.Stack(Sources.Select(DocPage.Source)),
        heldAgainst);

    /// <summary>Whether the parameter has an axis, or one that follows it.</summary>
    private bool Uses(string axis) =>
        Regex.IsMatch(Parameter, $@"\b{axis}\b(?!:)") || Axes.Any(other => other.Follows?.Split(' ').Contains(axis) == true && Uses(other.Name));

    private static string Declared(AxisEntry axis)
    {
        var arguments = axis.Labels.Select(label => $"\"{label}\"").ToList();
        if (axis.Shard != Shard.None) arguments.Add($"Shard.{axis.Shard}");
        if (axis.Replicate) arguments.Add("Replicate = true");
        if (axis.PadTo != 1) arguments.Add($"PadTo = {axis.PadTo}");
        if (axis.Follows is not null) arguments.Add($"Follows = \"{axis.Follows}\"");
        if (axis.Unit != 0) arguments.Add($"Unit = {axis.Unit}");
        if (axis.Padded) arguments.Add("Padded = true");
        return $"{DocPage.Code(axis.Name)} : {DocPage.Code($"[Axis({string.Join(", ", arguments)})]")}";
    }
}
