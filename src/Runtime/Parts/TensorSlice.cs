using System.Collections.Immutable;
using Lanyard.Layouts;

namespace Lanyard.Parts;

/// <summary>Which elements of a checkpoint tensor a rank holds: again a dense array, with the tensor's pattern under the rank's shares.</summary>
internal sealed class TensorSlice
{
    /// <summary>So many that sums and products of sizes stay far from the end of 64 bits, and no memory could hold them.</summary>
    private const long MostElements = 1L << 56;

    /// <param name="pattern">The pattern of the tensor.</param>
    /// <param name="axes">The axes, at least those of the pattern, with what the rank holds.</param>
    /// <exception cref="LayoutException">The pattern does not parse or does not fit the axes.</exception>
    /// <exception cref="OverflowException">The axes have more elements than any tensor.</exception>
    public TensorSlice(string pattern, IEnumerable<Axis> axes)
    {
        var parsed = Lanyard.Layouts.Pattern.Parse(pattern);
        var names = Nodes.AxesOf(parsed.Items).Select(axis => axis.Name).ToHashSet(StringComparer.Ordinal);
        (Pattern, Axes) = (pattern, [.. axes.Where(axis => names.Contains(axis.Name))]);
        if (Axes.Aggregate((UInt128)1, (count, axis) => count > MostElements ? count : count * (UInt128)Math.Max(axis.Size, 1)) > MostElements)
            throw new OverflowException($"the axes of \"{pattern}\" have more elements than any tensor.");
        WholeShape = Layout.FullShapeOf(parsed, Axes);

        // The whole array is the source, the slice the parameter.
        Plan = Layout.Resolve(parsed, [new ParsedSource(NamePattern.Parse("tensor"), parsed, null)], Axes);
    }

    public string Pattern { get; }

    /// <summary>The axes of the pattern, with what the rank holds.</summary>
    public ImmutableArray<Axis> Axes { get; }

    /// <summary>The shape of the whole tensor.</summary>
    public ImmutableArray<long> WholeShape { get; }

    /// <summary>The copies that take the slice out of the whole tensor, or put it there.</summary>
    public LayoutPlan Plan { get; }

    /// <summary>The shape of the slice.</summary>
    public ImmutableArray<long> Shape => Plan.Shape;

    /// <summary>The elements of the slice that are not padding.</summary>
    public long Elements => Plan.Slots.Sum(slot => slot.Count);

    /// <summary>Whether the rank holds everything.</summary>
    public bool IsWhole => Axes.All(HeldIndices.AreAll);

    /// <summary>What the rank holds of each axis that it has not all of, for messages: <c>heads 0..1 of 4</c>.</summary>
    public string Held
    {
        get
        {
            var parts = string.Join(", ", Axes.Where(axis => !HeldIndices.AreAll(axis)).Select(axis => FormattableString.Invariant($"{axis.Name} {axis.Held} of {axis.Size}")));
            return $"{(parts.Length == 0 ? "all" : parts)} of \"{Pattern}\"";
        }
    }

    /// <summary>The same tensor, held whole.</summary>
    public TensorSlice Whole() => new(Pattern, Axes.Select(axis => axis with { Held = AxisShare.All }));

    /// <summary>Whether two slices are the same elements in the same order, however they are spelled.</summary>
    public bool Same(TensorSlice other) =>
        Plan.Shape.AsSpan().SequenceEqual(other.Plan.Shape.AsSpan())
        && WholeShape.AsSpan().SequenceEqual(other.WholeShape.AsSpan())
        && Plan.Slots.AsSpan().SequenceEqual(other.Plan.Slots.AsSpan());
}
