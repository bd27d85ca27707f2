using System.Collections.Immutable;
using Lanyard.Layouts;
using TorchSharp;
using static TorchSharp.torch;

namespace Lanyard.Checkpoints;

/// <summary>Puts a tensor together of which several files have a piece each.</summary>
internal static class PiecedTensor
{
    private const int MaxShown = 3;

    /// <summary>Copies bytes of a piece.</summary>
    /// <param name="piece">The piece.</param>
    /// <param name="byteOffset">Where to begin, in bytes from the beginning of the piece.</param>
    /// <param name="destination">Filled entirely.</param>
    public delegate void PieceBytes(CheckpointTensor piece, long byteOffset, Span<byte> destination);

    /// <summary>The tensor that pieces make up, or null where they do not.</summary>
    /// <param name="pieces">The pieces, of one name; at least one.</param>
    /// <param name="problems">What is wrong is added.</param>
    public static CheckpointTensor? Of(IReadOnlyList<CheckpointTensor> pieces, List<string> problems)
    {
        CheckpointTensor first = pieces[0];
        string what = $"tensor {JsonCursor.Quote(first.Name)}";
        if (pieces.FirstOrDefault(piece => piece.DType != first.DType || piece.Shape.Length != first.Shape.Length) is CheckpointTensor other)
        {
            problems.Add($"{what} is in pieces of {first.DType.Text()} with {first.Shape.Length} axes in {first.File}, of {other.DType.Text()} with {other.Shape.Length} in {other.File}.");
            return null;
        }

        // A piece without an element says nothing of the whole, unless all are like that.
        CheckpointTensor[] parts = [.. pieces.Where(piece => !piece.Shape.Contains(0))];
        long[] shape = new long[first.Shape.Length];
        foreach (CheckpointTensor piece in parts.Length > 0 ? parts : pieces)
        {
            for (int d = 0; d < shape.Length; d++)
            {
                shape[d] = Math.Max(shape[d], piece.Start[d] + piece.Shape[d]);
            }
        }

        UInt128 strides = shape.Aggregate(UInt128.One, static (count, size) => count > long.MaxValue ? count : count * (UInt128)Math.Max(size, 1));
        if (strides * (uint)first.DType.BlockBytes() > long.MaxValue)
        {
            problems.Add($"{what}: its pieces reach as far as [{string.Join(", ", shape.Select(static size => $"0..{size - 1}"))}], which is larger than any tensor can have.");
            return null;
        }

        IndexBox whole = IndexBox.Whole([.. shape]);
        List<IndexBox> boxes = [.. parts.Select(BoxOf)];
        List<string> faults = [.. Twice(parts).Take(MaxShown).Select(twice => $"{what}: {twice.Both} is in {twice.A.File} and in {twice.B.File}.")];
        if (faults.Count == 0 && boxes.Sum(static box => box.Count) != whole.Count)
        {
            ImmutableArray<IndexBox> lacking = IndexBox.Without([whole], boxes);
            faults.Add($"{what}: no file has {string.Join(" and ", lacking.Take(MaxShown))}{(lacking.Length > MaxShown ? $" and {lacking.Length - MaxShown} more" : "")}.");
        }

        problems.AddRange(faults);
        return faults.Count > 0 ? null : Whole(first, [.. shape], parts);
    }

    /// <summary>All elements of a tensor in pieces, for the caller to dispose.</summary>
    /// <param name="tensor">The tensor.</param>
    /// <param name="view">The elements of a piece.</param>
    public static Tensor View(CheckpointTensor tensor, Func<CheckpointTensor, Tensor> view)
    {
        using IDisposable noGrad = torch.no_grad();
        Tensor whole = torch.empty([.. tensor.Shape], dtype: tensor.DType.ToScalarType(), device: CPU);
        try
        {
            foreach (CheckpointTensor piece in tensor.Pieces)
            {
                using DisposeScope scope = torch.NewDisposeScope();
                Tensor place = whole.alias();
                for (int d = 0; d < piece.Shape.Length; d++)
                {
                    place = place.narrow(d, piece.Start[d], piece.Shape[d]);
                }

                place.copy_(view(piece));
            }

            return whole;
        }
        catch
        {
            whole.Dispose();
            throw;
        }
    }

    /// <summary>Copies bytes of a tensor in pieces, as they would lie in one file.</summary>
    /// <param name="tensor">The tensor.</param>
    /// <param name="byteOffset">Where to begin, in bytes.</param>
    /// <param name="destination">Filled entirely; it ends within the tensor.</param>
    /// <param name="read">Reads bytes of a piece.</param>
    public static void Read(CheckpointTensor tensor, long byteOffset, Span<byte> destination, PieceBytes read)
    {
        long size = tensor.DType.Size();
        foreach (CheckpointTensor piece in tensor.Pieces)
        {
            // A row of the piece: what lies together in the whole, too.
            int axis = piece.Shape.Length - 1;
            long row = size;
            while (axis > 0 && piece.Shape[axis] == tensor.Shape[axis])
            {
                row *= piece.Shape[axis--];
            }

            row *= axis < 0 ? 1 : piece.Shape[axis];
            long rows = piece.Length / row;
            long end = byteOffset + destination.Length;
            for (long i = First(rows, at => Place(at) + row > byteOffset); i < rows && Place(i) < end; i++)
            {
                long at = Place(i);
                long from = Math.Max(at, byteOffset);
                long to = Math.Min(at + row, end);
                read(piece, (i * row) + (from - at), destination[(int)(from - byteOffset)..(int)(to - byteOffset)]);
            }

            // Where a row begins in the whole.
            long Place(long index)
            {
                long at = 0;
                long stride = size;
                for (int d = tensor.Shape.Length - 1; d >= 0; d--)
                {
                    at += (piece.Start[d] + (d < axis ? index % piece.Shape[d] : 0)) * stride;
                    index /= d < axis ? piece.Shape[d] : 1;
                    stride *= tensor.Shape[d];
                }

                return at;
            }
        }
    }

    private static long First(long count, Predicate<long> isAfter)
    {
        long low = 0;
        while (low < count)
        {
            long middle = low + ((count - low) / 2);
            (low, count) = isAfter(middle) ? (low, middle) : (middle + 1, count);
        }

        return low;
    }

    private static CheckpointTensor Whole(CheckpointTensor first, ImmutableArray<long> shape, CheckpointTensor[] parts)
    {
        // A tensor that one file has whole, or that has no element.
        if (parts.Length <= 1)
        {
            return (parts.Length == 1 ? parts[0] : first) with { Shape = shape, Place = null };
        }

        Array.Sort(parts, static (a, b) => a.Start.AsSpan().SequenceCompareTo(b.Start.AsSpan()));
        return parts[0] with
        {
            Shape = shape,
            Length = parts.Sum(piece => piece.Length),
            Place = new PiecePlace(default, [.. parts.Select(piece => piece with { Place = piece.Place! with { Whole = shape } })]),
        };
    }

    private static IndexBox BoxOf(CheckpointTensor piece) => new([.. piece.Start.Zip(piece.Shape, static (start, size) => ImmutableArray.Create(new IndexRun(start, size)))]);

    /// <summary>Pieces that have elements in common.</summary>
    private static IEnumerable<(CheckpointTensor A, CheckpointTensor B, IndexBox Both)> Twice(CheckpointTensor[] parts)
    {
        // In the order of the axis that most of them are cut along, so that each is compared with few.
        int axis = Enumerable.Range(0, parts.Length == 0 ? 0 : parts[0].Shape.Length).DefaultIfEmpty(-1)
            .MaxBy(d => d < 0 ? 0 : parts.Select(piece => piece.Start[d]).Distinct().Count());
        CheckpointTensor[] sorted = axis < 0 ? parts : [.. parts.OrderBy(piece => piece.Start[axis])];
        for (int i = 0; i < sorted.Length; i++)
        {
            for (int j = i + 1; j < sorted.Length && (axis < 0 || sorted[j].Start[axis] < sorted[i].Start[axis] + sorted[i].Shape[axis]); j++)
            {
                if (BoxOf(sorted[i]).Intersect(BoxOf(sorted[j])) is { Count: > 0 } both)
                {
                    yield return (sorted[i], sorted[j], both);
                }
            }
        }
    }
}
