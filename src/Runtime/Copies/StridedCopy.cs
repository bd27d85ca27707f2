using System.Collections.Immutable;
using Lanyard.Layouts;

namespace Lanyard.Copies;

/// <summary>Two strided regions of the same sizes, one to read and one to write. All numbers count elements.</summary>
/// <param name="Sizes">The sizes of the loops, by descending stride of the side that is written; empty for one element.</param>
/// <param name="From">Where reading starts.</param>
/// <param name="FromStrides">The distance on the side that is read, for each loop.</param>
/// <param name="To">Where writing starts.</param>
/// <param name="ToStrides">The distance on the side that is written, for each loop.</param>
internal readonly record struct StridedCopy(ImmutableArray<long> Sizes, long From, ImmutableArray<long> FromStrides, long To, ImmutableArray<long> ToStrides)
{
    /// <summary>The edge of the tiles of a transpose: a cache line of two-byte elements.</summary>
    public const int Tile = 32;

    /// <summary>How many elements the region has.</summary>
    public long Count
    {
        get
        {
            var count = 1L;
            foreach (var size in Sizes) count *= size;
            return count;
        }
    }

    /// <summary>A checkpoint tensor into a parameter.</summary>
    public static StridedCopy Into(LayoutSlot slot) => new(slot.Sizes, slot.TensorOffset, slot.TensorStrides, slot.ParameterOffset, slot.ParameterStrides);

    /// <summary>A parameter into a checkpoint tensor.</summary>
    public static StridedCopy OutOf(LayoutSlot slot)
    {
        // As almost all are, and patches of small tensors ask for many.
        if (Descend(slot.TensorStrides)) return new StridedCopy(slot.Sizes, slot.ParameterOffset, slot.ParameterStrides, slot.TensorOffset, slot.TensorStrides);
        int[] order = [.. Enumerable.Range(0, slot.Sizes.Length).OrderByDescending(i => slot.TensorStrides[i])];
        return new StridedCopy(Ordered(slot.Sizes), slot.ParameterOffset, Ordered(slot.ParameterStrides), slot.TensorOffset, Ordered(slot.TensorStrides));

        ImmutableArray<long> Ordered(ImmutableArray<long> values) => [.. order.Select(i => values[i])];
    }

    private static bool Descend(ImmutableArray<long> strides)
    {
        for (var i = 1; i < strides.Length; i++)
        {
            if (strides[i] > strides[i - 1]) return false;
        }
        return true;
    }

    /// <summary>The region of a slot in one parameter into the same region of another.</summary>
    public static StridedCopy Between(LayoutSlot slot) => new(slot.Sizes, slot.ParameterOffset, slot.ParameterStrides, slot.ParameterOffset, slot.ParameterStrides);

    /// <summary>A run of elements at the beginning of both sides.</summary>
    public static StridedCopy Run(long count) => new([count], 0, [1], 0, [1]);
}
