using System.Collections.Immutable;
using Lanyard.Generator.Conformance.Classes;
using Lanyard.Generator.Conformance.Lists;
using Lanyard.Layouts;

namespace Lanyard.Generator.Conformance.Matching;

/// <summary>The names of a source's tensors, as something to look up: labels are spelled out, other indices are any number.</summary>
/// <param name="Name">The name that was parsed, with the prefix of the module before it.</param>
/// <param name="Query">What to look up.</param>
/// <param name="Holes">What each hole of the query counts, and what is added to it.</param>
public sealed record SourceQuery(NamePattern Name, NameQuery Query, ImmutableArray<HoleSegment> Holes)
{
    /// <summary>Those of a name: one, or one for each choice of labels.</summary>
    /// <param name="prefix">What stands before.</param>
    /// <param name="name">The name below the module.</param>
    /// <param name="module">The class, whose axes have labels.</param>
    public static IEnumerable<SourceQuery> Of(string prefix, NamePattern name, DescribedModule module)
    {
        List<(ImmutableList<string> Texts, ImmutableArray<HoleSegment> Holes)> ways = [([prefix], [])];
        foreach (var segment in name.Segments)
        {
            switch (segment)
            {
                case TextSegment text:
                    ways = ways.ConvertAll(way => (With(way.Texts, text.Value), way.Holes));
                    break;
                case HoleSegment { Shift: null, Axis: { } axis } when Labels(module, axis.Name) is { IsEmpty: false } labels:
                    ways = [.. ways.SelectMany(way => labels.Select(label => (With(way.Texts, label), way.Holes)))];
                    break;
                case HoleSegment hole:
                    ways = ways.ConvertAll(way => (way.Texts.Add(""), way.Holes.Add(hole)));
                    break;
            }
        }
        return ways.Select(way => new SourceQuery(name, new NameQuery(way.Texts.ToImmutableArray()), way.Holes));
    }

    /// <summary>The labels of an axis; none where it is spelled in numbers.</summary>
    public static ImmutableArray<string> Labels(DescribedModule module, string axis) => module.Axes.FirstOrDefault(declared => declared.Name == axis)?.Labels ?? [];

    private static ImmutableList<string> With(ImmutableList<string> texts, string text) => texts.SetItem(texts.Count - 1, texts[texts.Count - 1] + text);
}
