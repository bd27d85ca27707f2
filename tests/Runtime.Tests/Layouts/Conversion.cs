using System.Globalization;
using Lanyard.Layouts;

namespace Lanyard.Tests.Layouts;

/// <summary>What takes the place of one chain of operations.</summary>
/// <param name="Case">The case of the fixture.</param>
/// <param name="Axes">The axes and their sizes in the fixture.</param>
/// <param name="Split">The axes that two tensor-parallel ranks divide.</param>
/// <param name="Parameters">The outputs.</param>
internal sealed record Conversion(string Case, string Axes, string Split, params ConvertedParameter[] Parameters)
{
    public Axis[] Whole => [.. AxisText.Parse(Axes)];

    /// <summary>The axes of one of two ranks.</summary>
    public Axis[] OfRank(int rank) =>
        [.. Whole.Select(axis => Split.Split(", ").Contains(axis.Name) ? axis with { Held = AxisShare.Range(rank * axis.Size / 2, axis.Size / 2) } : axis)];

    /// <summary>The row of the documentation's table.</summary>
    public string Row(string operations, int converters) => DocPage.Row(
        DocPage.Code(operations),
        converters.ToString(CultureInfo.InvariantCulture),
        DocPage.Stack(Parameters.Select(parameter => $"{DocPage.Code(parameter.Name)} : {DocPage.Code(parameter.Pattern)}")),
        DocPage.Stack(Parameters.SelectMany(parameter => parameter.Sources).GroupBy(source => source with { Part = null }).Select(Parts)),
        DocPage.Code(Split));

    // A tensor that several parameters are filled from stands there once.
    private static string Parts(IGrouping<LayoutSource, LayoutSource> sources)
    {
        var parts = sources.Select(source => source.Part).OfType<string>().Select(DocPage.Code).ToArray();
        return DocPage.Source(sources.Key) + (parts.Length == 0 ? "" : $", parts {string.Join(", ", parts)}");
    }
}
