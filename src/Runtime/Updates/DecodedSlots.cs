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
    public static void Write(TensorUse use, IDecodedValues values, torch.Tensor target, nint address)
    {
        var pieces = DecodedPiece.Of(use.Shape.IsEmpty ? [1] : use.Shape, use.Slots, values.Block, PieceElements);
        var elements = address != 0 && target.dtype is torch.ScalarType.Float32 or torch.ScalarType.BFloat16 ? ElementCopies.Of(target.dtype, target.dtype) : null;
        Workers.Run(pieces.Count, i =>
        {
            var piece = pieces[i];
            if (piece.Slots(use.Slots) is not { IsEmpty: false } slots) return;
            if (elements is not { } copy) Convert(values, piece, slots, target, address);
            else if (copy == ElementCopy.Bytes4) Decode<float>(values, piece, slots, copy, address);
            else Decode<ushort>(values, piece, slots, copy, address);
        });
        GC.KeepAlive(target);
    }

    private static void Decode<T>(IDecodedValues values, DecodedPiece piece, ImmutableArray<LayoutSlot> slots, ElementCopy copy, nint target) where T : unmanaged
    {
        // A piece that lies together in the target, too, is decoded there.
        if (slots is [{ Sizes: [] or [_], TensorOffset: 0 } only] && only.Count == piece.Count && only.ParameterStrides is [] or [1])
        {
            Decode(values, piece, (T*)target + only.ParameterOffset);
            return;
        }
        var buffer = ArrayPool<T>.Shared.Rent(piece.Count);
        fixed (T* decoded = buffer)
        {
            Decode(values, piece, decoded);
            foreach (var slot in slots) CopyBatch.Copy((nint)decoded, target, StridedCopy.Into(slot), copy);
        }
        ArrayPool<T>.Shared.Return(buffer);
    }

    /// <summary>By TorchSharp, which rounds to other types, and copies to other devices.</summary>
    private static void Convert(IDecodedValues values, DecodedPiece piece, ImmutableArray<LayoutSlot> slots, torch.Tensor target, nint address)
    {
        using var noGrad = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        var decoded = torch.empty(piece.Count, torch.ScalarType.Float32);
        Decode(values, piece, (float*)TensorAddress.First(decoded));
        SlotCopy.Write(decoded, TensorAddress.First(decoded), target, address, slots);
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
