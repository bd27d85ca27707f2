using System.Buffers;
using System.Collections.Immutable;
using Lanyard.Checkpoints;
using Lanyard.Copies;
using Lanyard.Encodings.Gguf;
using Lanyard.Index;
using Lanyard.Layouts;
using Lanyard.Memory;
using TorchSharp;

namespace Lanyard.Updates;

/// <summary>
/// Decodes blocks of a file into the slots that read them: only those that do, in pieces that stay in a processor's cache, by all
/// processors. What is written in the target's own type, float32 or bfloat16, never becomes a tensor.
/// </summary>
internal static unsafe class BlockSlots
{
    private const int PieceElements = 1 << 16;

    /// <summary>Writes every slot of a use.</summary>
    /// <param name="use">The use; of a type that is decoded.</param>
    /// <param name="stored">The bytes of the whole tensor, contiguous and in main memory.</param>
    /// <param name="type">The type of its blocks.</param>
    /// <param name="target">Where the slots are.</param>
    public static void Write(TensorUse use, torch.Tensor stored, CheckpointType type, UpdateTarget target)
    {
        var bytes = TensorAddress.Reach(stored);
        var (shape, offset) = (use.Shape.IsEmpty ? [1] : use.Shape, use.Encoding.Offset);
        var pieces = BlockPiece.Of(shape, use.Slots, type.BlockElements(), PieceElements);
        var elements = offset == 0 && target.Address != 0 && target.Type is torch.ScalarType.Float32 or torch.ScalarType.BFloat16 ? ElementCopies.Of(target.Type, target.Type) : null;
        Workers.Run(pieces.Count, i =>
        {
            var piece = pieces[i];
            if (piece.Slots(use.Slots) is not { IsEmpty: false } slots) return;
            if (elements is not { } copy) Convert(bytes, type, piece, slots, offset, target);
            else if (copy == ElementCopy.Bytes4) Decode<float>(bytes, type, piece, slots, copy, target.Address);
            else Decode<ushort>(bytes, type, piece, slots, copy, target.Address);
        });
        GC.KeepAlive(stored);
        GC.KeepAlive(target.Value);
    }

    private static void Decode<T>(nint bytes, CheckpointType type, BlockPiece piece, ImmutableArray<LayoutSlot> slots, ElementCopy copy, nint target) where T : unmanaged
    {
        // A piece that lies together in the target, too, is decoded there.
        if (slots is [{ Sizes: [] or [_], TensorOffset: 0 } only] && only.Count == piece.Count && only.ParameterStrides is [] or [1])
        {
            Decode(bytes, type, piece, (T*)target + only.ParameterOffset);
            return;
        }
        var buffer = ArrayPool<T>.Shared.Rent(piece.Count);
        fixed (T* values = buffer)
        {
            Decode(bytes, type, piece, values);
            foreach (var slot in slots) CopyBatch.Copy((nint)values, target, StridedCopy.Into(slot), copy);
        }
        ArrayPool<T>.Shared.Return(buffer);
    }

    /// <summary>By TorchSharp, which adds what is declared, rounds to other types, and copies to other devices.</summary>
    private static void Convert(nint bytes, CheckpointType type, BlockPiece piece, ImmutableArray<LayoutSlot> slots, double offset, UpdateTarget target)
    {
        using var noGrad = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        var values = torch.empty(piece.Count, torch.ScalarType.Float32);
        Decode(bytes, type, piece, (float*)TensorAddress.First(values));
        if (offset != 0) values.PlusInPlace(offset);
        SlotCopy.Write(values, TensorAddress.First(values), target.Value, target.Address, slots);
    }

    private static void Decode<T>(nint bytes, CheckpointType type, BlockPiece piece, T* values) where T : unmanaged
    {
        var (elements, size) = (type.BlockElements(), type.BlockBytes());
        foreach (var (first, count) in piece.Runs())
        {
            GgufBlocks.Decode(type, new ReadOnlySpan<byte>((byte*)bytes + (first / elements * size), count / elements * size), new Span<T>(values, count));
            values += count;
        }
    }
}
