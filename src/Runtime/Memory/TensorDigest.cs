using System.Collections.Immutable;
using System.IO.Hashing;
using Lanyard.Layouts;
using TorchSharp;

namespace Lanyard.Memory;

/// <summary>A digest of a tensor's bits, with XXH3 of 128 bits: equal bits have equal digests, and others hardly ever.</summary>
internal static class TensorDigest
{
    // bytes is a span, which ends at 2 GiB.
    private const long ChunkBytes = 1 << 30;

    // Pieces of 16 MiB left holes in the heap, up to 200 MB of them.
    private const long PieceBytes = 1 << 20;

    /// <param name="tensor">A contiguous tensor, of any size.</param>
    public static UInt128 Of(torch.Tensor tensor)
    {
        using var noGrad = torch.no_grad();
        using torch.Tensor near = tensor.cpu(), flat = near.flatten();
        var hash = new XxHash128();
        var elements = ChunkBytes / flat.element_size();
        for (var start = 0L; start < flat.numel(); start += elements)
        {
            using var chunk = flat.narrow(0, start, Math.Min(elements, flat.numel() - start));
            hash.Append(chunk.bytes);
        }
        return hash.GetCurrentHashAsUInt128();
    }

    /// <summary>A digest of some elements of a tensor as if they lay one after another. They are hashed where they lie, or copied in small pieces.</summary>
    /// <param name="tensor">A contiguous tensor of any shape, on any device.</param>
    /// <param name="type">The element type in which they are hashed.</param>
    /// <param name="offset">The first element.</param>
    /// <param name="sizes">The sizes of the loops over the elements, slowest first; empty for one element.</param>
    /// <param name="strides">The distance in elements for each loop.</param>
    public static UInt128 Of(torch.Tensor tensor, torch.ScalarType type, long offset, ImmutableArray<long> sizes, ImmutableArray<long> strides)
    {
        using var noGrad = torch.no_grad();
        using var none = torch.empty(0, type);
        var limit = PieceBytes / none.element_size();
        var hash = new XxHash128();
        using var outer = torch.NewDisposeScope();
        torch.Tensor? buffer = null;
        foreach (var piece in Pieces(offset, sizes, strides, limit))
        {
            using var scope = torch.NewDisposeScope();
            var (count, start) = (piece.Count, tensor.storage_offset() + piece.ParameterOffset);
            if (tensor.dtype == type && tensor.device_type == DeviceType.CPU && piece.ParameterStrides.SequenceEqual(piece.TensorStrides))
            {
                hash.Append(tensor.as_strided([count], [1], start).bytes);
                continue;
            }

            // One buffer for all pieces: the heap need not give the next one the room of the last.
            buffer ??= torch.empty(Math.Min(limit, sizes.Aggregate(1L, (all, size) => all * size)), type).MoveToOuterDisposeScope();
            var copy = buffer.narrow(0, 0, count);
            SlotCopy.Read(tensor, copy, piece);
            hash.Append(copy.bytes);
        }
        return hash.GetCurrentHashAsUInt128();
    }

    /// <summary>The loops in pieces of a limited number of elements, in order: slots that copy elements of the tensor one after another.</summary>
    private static IEnumerable<LayoutSlot> Pieces(long offset, ImmutableArray<long> sizes, ImmutableArray<long> strides, long limit)
    {
        var dense = Shapes.Strides(sizes);
        if (sizes.IsEmpty || sizes[0] * dense[0] <= limit)
        {
            yield return new LayoutSlot(0, sizes, 0, dense, offset, strides);
            yield break;
        }
        var step = Math.Max(1, limit / dense[0]);
        for (var i = 0L; i < sizes[0]; i += step)
        {
            var first = offset + (i * strides[0]);
            var pieces = dense[0] > limit ? Pieces(first, sizes[1..], strides[1..], limit) : [new LayoutSlot(0, sizes.SetItem(0, Math.Min(step, sizes[0] - i)), 0, dense, first, strides)];
            foreach (var piece in pieces) yield return piece;
        }
    }
}
