using System.Globalization;
using System.Text.RegularExpressions;
using Lanyard.Tests;

namespace Lanyard.Generator.Tests.Conformance.Agreement;

/// <summary>One change of a list of tensors.</summary>
/// <param name="Kind">What kind of change.</param>
/// <param name="Text">What was changed, for messages.</param>
/// <param name="Rows">The list after it.</param>
internal sealed partial record RowMutation(string Kind, string Text, List<TensorRow> Rows)
{
    private static readonly string[] Types = ["BF16", "F16", "F32", "F64", "F8_E4M3", "F8_E8M0", "I8", "U8", "I32", "I64"];
    private static readonly string[] Endings = [".weight", ".bias", ".scales", ".weight_scale_inv", ".weight_scale", "x", ".x", ""];

    /// <summary>The kinds.</summary>
    public static IReadOnlyList<string> Kinds { get; } = ["rename", "number", "drop", "drop beside", "add", "size", "swap", "type", "rank", "exchange"];

    /// <summary>Changes a list.</summary>
    /// <param name="rows">The list.</param>
    /// <param name="kind">The kind of change.</param>
    /// <param name="random">What chooses the change.</param>
    /// <returns>The change; null where the list has nothing to change so.</returns>
    public static RowMutation? Of(IReadOnlyList<TensorRow> rows, string kind, Random random)
    {
        List<TensorRow> changed = [.. rows];
        var at = Pick(changed, kind == "drop beside" ? "scale" : kind == "number" ? "." : "", random);
        if (at < 0) return null;
        var row = changed[at];
        switch (kind)
        {
            case "rename":
                return Replace(changed, at, row with { Name = Renamed(row.Name, random) }, kind);
            case "number":
                return Replace(changed, at, row with { Name = Renumbered(row.Name, random) }, kind);
            case "drop" or "drop beside":
                changed.RemoveAt(at);
                return new RowMutation(kind, $"{kind} {row}", changed);
            case "add":
                var added = row with { Name = random.Next(2) == 0 ? Renamed(row.Name, random) : Renumbered(row.Name, random) };
                if (Has(changed, added.Name)) return null;
                changed.Insert(at + random.Next(2), added);
                return new RowMutation(kind, $"add {added}", changed);
            case "size" when row.Shape.Length > 0:
                return Replace(changed, at, row with { Shape = Resized(row.Shape, random) }, kind);
            case "swap" when row.Shape.Length > 1:
                return Replace(changed, at, row with { Shape = Swapped(row.Shape, random) }, kind);
            case "type":
                return Replace(changed, at, row with { Type = Types[random.Next(Types.Length)] }, kind);
            case "rank":
                return Replace(changed, at, row with { Shape = Reranked(row.Shape, random) }, kind);
            case "exchange":
                var other = random.Next(changed.Count);
                if (other == at) return null;
                var text = $"exchange {row} and {changed[other]}";
                (changed[at], changed[other]) = (row with { Name = changed[other].Name }, changed[other] with { Name = row.Name });
                return new RowMutation(kind, text, changed);
            default:
                return null;
        }
    }

    /// <summary>A row to change: of a folded one all, or one tensor of it.</summary>
    private static int Pick(List<TensorRow> rows, string part, Random random)
    {
        List<int> candidates = [.. Enumerable.Range(0, rows.Count).Where(i => rows[i].Name.Contains(part, StringComparison.Ordinal))];
        if (candidates.Count == 0) return -1;
        var at = candidates[random.Next(candidates.Count)];
        if (!rows[at].Name.Contains('{') || random.Next(2) == 0) return at;
        List<string> names = [.. FoldedManifest.Names(rows[at].Name)];
        var row = rows[at];
        rows.RemoveAt(at);
        rows.InsertRange(at, names.Select(name => row with { Name = name }));
        return at + random.Next(names.Count);
    }

    private static RowMutation? Replace(List<TensorRow> rows, int at, TensorRow row, string kind)
    {
        if (row.Name == rows[at].Name ? row.Type == rows[at].Type && row.Shape.SequenceEqual(rows[at].Shape) : Has(rows, row.Name)) return null;
        var text = $"{kind}: {rows[at]} becomes {row}";
        rows[at] = row;
        return new RowMutation(kind, text, rows);
    }

    private static bool Has(List<TensorRow> rows, string name)
    {
        var names = FoldedManifest.Names(name).ToHashSet();
        return rows.Exists(row => row.Name.Length < 200 && FoldedManifest.Names(row.Name).Any(names.Contains));
    }

    private static string Renamed(string name, Random random)
    {
        var end = name.LastIndexOf('.');
        var first = name.IndexOf('.', StringComparison.Ordinal);
        return random.Next(4) switch
        {
            0 => name + "x",
            1 when end >= 0 => name[..end] + Endings[random.Next(Endings.Length)],
            2 when first >= 0 => name[(first + 1)..],
            _ => "x" + name,
        };
    }

    private static string Renumbered(string name, Random random)
    {
        var numbers = Number().Matches(name);
        if (numbers.Count == 0) return Renamed(name, random);
        var number = numbers[random.Next(numbers.Count)];
        var other = random.Next(3) switch { 0 => int.Parse(number.Value, CultureInfo.InvariantCulture) + 1, 1 => random.Next(8), _ => random.Next(200) };
        return string.Create(CultureInfo.InvariantCulture, $"{name[..number.Index]}{other}{name[(number.Index + number.Length)..]}");
    }

    private static long[] Resized(long[] shape, Random random)
    {
        long[] sizes = [.. shape];
        var at = random.Next(sizes.Length);
        sizes[at] = random.Next(5) switch { 0 => sizes[at] + 1, 1 => Math.Max(sizes[at] - 1, 1), 2 => sizes[at] * 2, 3 => Math.Max(sizes[at] / 2, 1), _ => 1 + random.Next(40) };
        return sizes;
    }

    private static long[] Swapped(long[] shape, Random random)
    {
        long[] sizes = [.. shape];
        var at = random.Next(sizes.Length - 1);
        (sizes[at], sizes[at + 1]) = (sizes[at + 1], sizes[at]);
        return sizes;
    }

    private static long[] Reranked(long[] shape, Random random) => random.Next(4) switch
    {
        0 => [.. shape, 1],
        1 => [1, .. shape],
        2 when shape.Length > 1 => [shape[0] * shape[1], .. shape.Skip(2)],
        3 when shape.Length > 0 => [.. shape.Skip(1)],
        _ => [.. shape, 3],
    };

    // Of a folded name only those that are spelled out.
    [GeneratedRegex(@"(?<=^|\.)[0-9]+(?=\.|$)")]
    private static partial Regex Number();
}
