using System.Buffers;
using System.Collections.Immutable;
using Lanyard.Copies;
using Lanyard.Encodings;
using Lanyard.Index;
using Lanyard.Layouts;
using Lanyard.Memory;
using TorchSharp;

namespace Lanyard.Updates;

/// <summary>
/// Decodes values into the slots that read them: only those that do, in pieces that stay in a processor's cache, by all processors. What
/// is written in the target's own type, float32 or bfloat16, never becomes a tensor.
/// </summary>
internal static unsafe class DecodedSlots
{
    private const int PieceElements = 1 << 16;

    /// <summary>Writes every slot of a use.</summary>
    /// <param name="use">The use.</param>
    /// <param name="values">The values of the whole tensor.</param>
    /// <param name="target">Where the slots are: a value of the parameter in its model layout, contiguous.</param>
    /// <param name="address">The address from which it can be reached, or zero.</param>
    /// <returns>How many values are finite, and became infinite by rounding.</returns>
    public static long Write(TensorUse use, IDecodedValues values, torch.Tensor target, nint address)
    {
        var lost = 0L;
        var pieces = DecodedPiece.Of(use.Shape.IsEmpty ? [1] : use.Shape, use.Slots, values.Block, PieceElements);
        var elements = address != 0 && target.dtype is torch.ScalarType.Float32 or torch.ScalarType.BFloat16 ? ElementCopies.Of(target.dtype, target.dtype) : null;
        Workers.Run(pieces.Count, i =>
        {
            var piece = pieces[i];
            if (piece.Slots(use.Slots) is not { IsEmpty: false } slots) return;
            if (elements is not { } copy) Interlocked.Add(ref lost, Convert(values, piece, slots, target, address));
            else if (copy == ElementCopy.Bytes4) Decode<float>(values, piece, slots, copy, address);
            else if (Decode<ushort>(values, piece, slots, copy, address)) Interlocked.Add(ref lost, Lost(values, piece, slots));
        });
        GC.KeepAlive(target);
        return lost;
    }

    /// <returns>Whether any value of a narrower type is infinite.</returns>
    private static bool Decode<T>(IDecodedValues values, DecodedPiece piece, ImmutableArray<LayoutSlot> slots, ElementCopy copy, nint target) where T : unmanaged
    {
        // A piece that lies together in the target, too, is decoded there.
        if (slots is [{ Sizes: [] or [_], TensorOffset: 0 } only] && only.Count == piece.Count && only.ParameterStrides is [] or [1])
        {
            Decode(values, piece, (T*)target + only.ParameterOffset);
            return IsInfinite((T*)target + only.ParameterOffset);
        }
        var buffer = ArrayPool<T>.Shared.Rent(piece.Count);
        fixed (T* decoded = buffer)
        {
            Decode(values, piece, decoded);
            foreach (var slot in slots) CopyBatch.Copy((nint)decoded, target, StridedCopy.Into(slot), copy);
        }
        var isInfinite = false;
        fixed (T* decoded = buffer) isInfinite = IsInfinite(decoded);
        ArrayPool<T>.Shared.Return(buffer);
        return isInfinite;

        bool IsInfinite(T* decoded) => typeof(T) == typeof(ushort) && NarrowedValues.AnyInfinite(new ReadOnlySpan<ushort>(decoded, piece.Count));
    }

    /// <summary>Decodes once more, as float32, to tell what was infinite from what became so.</summary>
    private static long Lost(IDecodedValues values, DecodedPiece piece, ImmutableArray<LayoutSlot> slots)
    {
        using var decoded = torch.empty(piece.Count, torch.ScalarType.Float32);
        Decode(values, piece, (float*)TensorAddress.First(decoded));
        return NarrowedValues.Lost(decoded, TensorAddress.First(decoded), torch.ScalarType.BFloat16, slots);
    }

    /// <summary>By TorchSharp, which rounds to other types, and copies to other devices.</summary>
    private static long Convert(IDecodedValues values, DecodedPiece piece, ImmutableArray<LayoutSlot> slots, torch.Tensor target, nint address)
    {
        using var noGrad = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        var decoded = torch.empty(piece.Count, torch.ScalarType.Float32);
        Decode(values, piece, (float*)TensorAddress.First(decoded));
        SlotCopy.Write(decoded, TensorAddress.First(decoded), target, address, slots);
        return NarrowedValues.Lost(decoded, TensorAddress.First(decoded), target.dtype, slots);
    }

    private static void Decode<T>(IDecodedValues values, DecodedPiece piece, T* to) where T : unmanaged
    {
        foreach (var (first, count) in piece.Runs())
        {
            if (typeof(T) == typeof(float)) values.Decode(first, new Span<float>(to, count));
            else values.Decode(first, new Span<ushort>(to, count));
            to += count;
        }
    }
}
