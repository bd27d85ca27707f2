using System.Collections.Immutable;
using System.Numerics;

namespace Lanyard.Generator.Conformance.Lists;

/// <summary>Compares the numbers of tensors and bytes that a folded list says with what its rows have.</summary>
internal static class ListTotals
{
    /// <summary>Adds a fault for each that differs. A list with rows that could not be read has faults enough.</summary>
    public static void Check(JsonText json, ImmutableArray<ListedTensor> rows, ListFaults faults)
    {
        var isWhole = faults.IsEmpty;
        if (json.Find(0, "count") is >= 0 and var count)
        {
            var found = rows.Aggregate(BigInteger.Zero, (sum, row) => sum + row.Count);
            Compare(json, count, "count", "tensors", isWhole ? found : null, faults);
        }
        if (json.Find(0, "bytes") is >= 0 and var bytes) Compare(json, bytes, "bytes", "bytes", isWhole ? Bytes(rows) : null, faults);
    }

    private static void Compare(JsonText json, int node, string member, string what, BigInteger? found, ListFaults faults)
    {
        var (start, length) = (json[node].Start, json[node].Length);
        if (!json.TryWhole(node, out var said)) faults.AddAside($"\"{member}\" is a whole number, not negative.", start, length);
        else if (found is { } number && number != said) faults.AddAside($"The list says {said} {what}, and its rows have {number}.", start, length);
    }

    // Null where some type's size is not known, or where there are no shapes.
    private static BigInteger? Bytes(ImmutableArray<ListedTensor> rows)
    {
        var sum = BigInteger.Zero;
        foreach (var row in rows)
        {
            if (row.Type is null || ElementSizes.Of(row.Type) is not { Elements: > 0 and var together, Bytes: var bytes }) return null;
            var elements = row.Shape.Aggregate(BigInteger.One, (product, size) => product * size);
            if (elements % together != 0) return null;
            sum += elements / together * bytes * row.Count;
        }
        return sum;
    }
}
