using System.Collections.Immutable;

namespace Lanyard.Layouts;

/// <summary>
/// One region of a parameter that one tensor fills: two strided views of the same sizes. All numbers count elements of
/// contiguous row-major arrays: of the whole tensor as stored, and of the parameter as this rank holds it.
/// Loops of size one are dropped, neighbours that run on in both arrays are merged, and the parameter's stride descends.
/// </summary>
/// <param name="Tensor">The index of the tensor in <see cref="LayoutPlan.Tensors"/>.</param>
/// <param name="Sizes">The sizes of the loops, slowest first; empty for one element.</param>
/// <param name="TensorOffset">Where the region starts in the tensor.</param>
/// <param name="TensorStrides">The distance in the tensor for each loop, always positive.</param>
/// <param name="ParameterOffset">Where the region starts in the parameter.</param>
/// <param name="ParameterStrides">The distance in the parameter for each loop, always positive.</param>
public sealed record LayoutSlot(
    int Tensor,
    ImmutableArray<long> Sizes,
    long TensorOffset,
    ImmutableArray<long> TensorStrides,
    long ParameterOffset,
    ImmutableArray<long> ParameterStrides)
{
    /// <summary>How many elements the region has.</summary>
    public long Count
    {
        get
        {
            var count = 1L;
            foreach (var size in Sizes)
                count *= size;
            return count;
        }
    }

    /// <summary>A slot in normal form.</summary>
    /// <param name="tensor">The index of the tensor.</param>
    /// <param name="parameterOffset">Where the region starts in the parameter.</param>
    /// <param name="tensorOffset">Where the region starts in the tensor.</param>
    /// <param name="loops">Its loops, none of size one, in any order.</param>
    internal static LayoutSlot Of(int tensor, long parameterOffset, long tensorOffset, ImmutableArray<SlotLoop> loops)
    {
        var merged = new List<SlotLoop>(loops.Length);
        // By the stride of the parameter, which no two loops share: a copy has one normal form, in whatever order its source has the axes.
        foreach (var loop in loops.Sort(static (left, right) => right.ParameterStride.CompareTo(left.ParameterStride)))
        {
            if (merged.Count > 0 && merged[merged.Count - 1] is var slower && slower.RunsInto(loop))
                merged[merged.Count - 1] = loop with { Size = slower.Size * loop.Size };
            else
                merged.Add(loop);
        }
        return new LayoutSlot(
            tensor,
            [.. merged.Select(static loop => loop.Size)],
            tensorOffset,
            [.. merged.Select(static loop => loop.TensorStride)],
            parameterOffset,
            [.. merged.Select(static loop => loop.ParameterStride)]);
    }

    /// <summary>Two slots are equal when they are the same copy.</summary>
    public bool Equals(LayoutSlot? other) =>
        other is not null
        && Tensor == other.Tensor
        && TensorOffset == other.TensorOffset
        && ParameterOffset == other.ParameterOffset
        && Sequences.Same(Sizes, other.Sizes)
        && Sequences.Same(TensorStrides, other.TensorStrides)
        && Sequences.Same(ParameterStrides, other.ParameterStrides);

    /// <summary>The copy in words: <c>tensor 1, 24 elements as [4, 6]: from 12, strides [10, 1], to 48, strides [6, 1]</c>.</summary>
    public override string ToString() => $"tensor {Tensor}, {Count} elements as {Text(Sizes)}: from {TensorOffset}, strides {Text(TensorStrides)}, to {ParameterOffset}, strides {Text(ParameterStrides)}";

    /// <inheritdoc/>
    public override int GetHashCode() =>
        unchecked((((Sequences.Hash(Sizes, Tensor) * 31) + TensorOffset.GetHashCode()) * 31) + ParameterOffset.GetHashCode());

    private static string Text(ImmutableArray<long> numbers) => $"[{string.Join(", ", numbers)}]";
}
