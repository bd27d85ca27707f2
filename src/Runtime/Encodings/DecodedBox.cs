using System.Collections.Immutable;
using Lanyard.Layouts;

namespace Lanyard.Encodings;

/// <summary>The part of a decoded tensor that the slots of one use read: a range of the first axis and, of a matrix, a range of columns.</summary>
/// <param name="First">The first row.</param>
/// <param name="Rows">The number of rows.</param>
/// <param name="Left">The first column; zero unless the tensor is a matrix.</param>
/// <param name="Columns">The elements of a row that are in the box.</param>
/// <param name="RowSize">The elements of a row of the whole tensor.</param>
internal readonly record struct DecodedBox(long First, long Rows, long Left, long Columns, long RowSize)
{
    /// <summary>The smallest box around some slots.</summary>
    /// <param name="shape">The shape of the whole tensor, decoded.</param>
    /// <param name="encoding">How it is stored.</param>
    /// <param name="slots">The slots, at least one.</param>
    public static DecodedBox Of(ImmutableArray<long> shape, TensorEncoding encoding, ImmutableArray<LayoutSlot> slots)
    {
        if (shape.IsEmpty) return new(0, 1, 0, 1, 1);
        var row = shape.Skip(1).Aggregate(1L, (count, size) => count * size);
        var (first, last, left, right) = (long.MaxValue, 0L, shape.Length == 2 ? row : 0, shape.Length == 2 ? 0 : row);
        foreach (var slot in slots)
        {
            first = Math.Min(first, slot.TensorOffset / row);
            last = Math.Max(last, (slot.TensorOffset + Span(slot, _ => true)) / row);
            var (from, span) = (slot.TensorOffset % row, Span(slot, stride => stride % row != 0));

            // A slot that runs on into the next row needs all columns.
            (left, right) = from + span < row ? (Math.Min(left, from), Math.Max(right, from + span + 1)) : (0, row);
        }

        // Packed blocks are decoded whole.
        var block = encoding.Packing == Packing.Mxfp4 && shape.Length > 1 ? TensorEncoding.Mxfp4Block : 1;
        left -= left % block;
        right += (block - (right % block)) % block;
        return new DecodedBox(first, last - first + 1, left, right - left, row);
    }

    /// <summary>A slot that reads the box instead of the whole tensor.</summary>
    public LayoutSlot Inside(LayoutSlot slot)
    {
        var (row, columns) = (RowSize, Columns);
        return slot with
        {
            TensorOffset = (((slot.TensorOffset / row) - First) * columns) + (slot.TensorOffset % row) - Left,
            TensorStrides = [.. slot.TensorStrides.Select(stride => stride % row == 0 ? stride / row * columns : stride)],
        };
    }

    private static long Span(LayoutSlot slot, Predicate<long> counts) =>
        slot.Sizes.Zip(slot.TensorStrides, (size, stride) => counts(stride) ? (size - 1) * stride : 0).Sum();
}
