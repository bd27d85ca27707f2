using System.Collections.Immutable;
using System.Numerics;

namespace Lanyard.Generator.Conformance.Lists;

/// <summary>Reads the type and the shape of a row.</summary>
internal sealed class ShapeReader(JsonText json, ListFaults faults)
{
    /// <summary>The sizes that an array has.</summary>
    /// <param name="node">The value that has to be the array.</param>
    /// <param name="isInnermostFirst">Whether they stand in GGUF's order.</param>
    /// <returns>Default where something is wrong, which is added to the faults.</returns>
    public ImmutableArray<long> Shape(int node, bool isInnermostFirst)
    {
        if (json[node].Kind != JsonKind.Array)
        {
            Fault("A shape is an array of sizes.", node);
            return default;
        }
        var sizes = ImmutableArray.CreateBuilder<long>();
        var (elements, hasZero) = (BigInteger.One, false);
        foreach (var item in json.Items(node))
        {
            if (!json.TryWhole(item, out var size))
            {
                Fault($"'{Excerpt(item)}' is no size: a size is a whole number, not negative, below 2^63.", item);
                return default;
            }
            sizes.Add(size);
            hasZero |= size == 0;
            elements *= Math.Max(size, 1);
        }
        if (!hasZero && elements > long.MaxValue)
        {
            Fault("No tensor has 2^63 elements or more.", node);
            return default;
        }
        if (isInnermostFirst) sizes.Reverse();
        return sizes.ToImmutable();
    }

    /// <summary>The type that a string names; null where it is no string.</summary>
    public string? Type(int node)
    {
        if (json[node].Kind == JsonKind.String && json[node].Length > 0) return json.String(node);
        Fault("An element type is a name such as \"BF16\".", node);
        return null;
    }

    private void Fault(string message, int node) => faults.Add(message, json[node].Start, json[node].Length);

    private string Excerpt(int node) => json.Text.Substring(json[node].Start, Math.Min(json[node].Length, 40));
}
