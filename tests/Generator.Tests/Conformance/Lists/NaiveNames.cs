using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Lanyard.Generator.Conformance.Lists;
using Lanyard.Tests;

namespace Lanyard.Generator.Tests.Conformance.Lists;

/// <summary>The slow way: every name is written out.</summary>
internal static class NaiveNames
{
    /// <summary>The names that a template stands for.</summary>
    public static IEnumerable<string> Expand(this NameTemplate template) => FoldedManifest.Names(template.ToString());

    /// <summary>All tensors of a list, by name.</summary>
    public static Dictionary<string, string> Expand(this TensorList list) => list.Rows
        .SelectMany(row => row.Name.Expand().Select(name => (name, Kind: Kind(row.Type, row.Shape))))
        .ToDictionary(tensor => tensor.name, tensor => tensor.Kind);

    /// <summary>The type and the shape as one text.</summary>
    public static string Kind(string? type, ImmutableArray<long> shape) => shape.IsDefault ? $"{type}" : Kind(type, shape.AsEnumerable());

    /// <summary>The type and the shape as one text.</summary>
    public static string Kind(string? type, IEnumerable<long> shape) => $"{type} [{string.Join(", ", shape)}]";

    /// <summary>The names that a query has among some, each with the numbers in its holes: of nine digits at most, without zeros before them.</summary>
    public static IEnumerable<(string Name, string Numbers)> Find(IEnumerable<string> names, IEnumerable<string> texts)
    {
        var pattern = new Regex($"^{string.Join("(?<![0-9])(0|[1-9][0-9]{0,8})(?![0-9])", texts.Select(Regex.Escape))}\\z");
        return from name in names
               let match = pattern.Match(name)
               where match.Success
               select (name, string.Join(" ", match.Groups.Values.Skip(1)));
    }

    /// <summary>All ways to take a number of each set.</summary>
    public static IEnumerable<string> Tuples(IEnumerable<NumberSet> sets) =>
        sets.Aggregate((IEnumerable<string>)[""], (tuples, set) => tuples.SelectMany(tuple => set.Numbers.Select(number => $"{tuple} {number}"))).Select(tuple => tuple.TrimStart());
}
