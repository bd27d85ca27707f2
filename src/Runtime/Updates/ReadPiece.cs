using System.Buffers;
using System.Collections.Immutable;
using Lanyard.Checkpoints;
using Lanyard.Copies;
using Lanyard.Layouts;

namespace Lanyard.Updates;

/// <summary>Elements of a stored tensor that are read at once: straight to where they belong, or into a buffer that stays in a processor's cache, and from there.</summary>
internal sealed unsafe class ReadPiece
{
    // Shorter runs are read with what lies between them.
    private const long RunBytes = 1 << 14;

    private readonly CheckpointReads _reads;
    private readonly CheckpointTensor _stored;
    private readonly nint _target;
    private readonly ElementCopy _elements;
    private readonly LayoutSlot? _run;
    private readonly DecodedPiece? _box;
    private readonly ImmutableArray<LayoutSlot> _slots;

    private ReadPiece(CheckpointReads reads, CheckpointTensor stored, nint target, ElementCopy elements, LayoutSlot? run, DecodedPiece? box, ImmutableArray<LayoutSlot> slots) =>
        (_reads, _stored, _target, _elements, _run, _box, _slots) = (reads, stored, target, elements, run, box, slots);

    /// <summary>The pieces that slots need; what no slot reads is left out where it lies apart.</summary>
    /// <param name="reads">The files.</param>
    /// <param name="stored">The tensor.</param>
    /// <param name="copies">For each use the shape of the whole tensor and the slots, the address of a value in model layout, and what is done to each element.</param>
    public static List<ReadPiece> Of(CheckpointReads reads, CheckpointTensor stored, IEnumerable<(ImmutableArray<long> Shape, ImmutableArray<LayoutSlot> Slots, nint Target, ElementCopy Elements)> copies)
    {
        var pieces = new List<ReadPiece>();
        foreach (var (shape, all, target, elements) in copies)
        {
            var most = CopyBatch.PieceBytes / elements.FromSize();
            var strided = ImmutableArray.CreateBuilder<LayoutSlot>();
            foreach (var slot in all)
            {
                if (elements.FromSize() != elements.ToSize() || slot is not ({ Sizes: [] } or { Sizes: [_], TensorStrides: [1], ParameterStrides: [1] }))
                {
                    strided.Add(slot);
                    continue;
                }
                for (var (first, count) = (0L, slot.Count); first < count; first += most)
                    pieces.Add(new(reads, stored, target, elements, new LayoutSlot(slot.Tensor, [Math.Min(most, count - first)], slot.TensorOffset + first, [1], slot.ParameterOffset + first, [1]), null, []));
            }
            if (strided.Count == 0) continue;
            var slots = strided.ToImmutable();
            pieces.AddRange(DecodedPiece.Of(shape.IsEmpty ? [1] : shape, slots, 1, most, RunBytes / elements.FromSize()).Select(box => new ReadPiece(reads, stored, target, elements, null, box, slots)));
        }
        return pieces;
    }

    /// <summary>Reads and copies it.</summary>
    public void Run()
    {
        var size = _elements.FromSize();
        if (_run is not null)
        {
            _reads.Read(_stored, _run.TensorOffset * size, _target + (nint)(_run.ParameterOffset * size), (int)_run.Count * size);
            return;
        }
        if (_box!.Slots(_slots) is not { IsEmpty: false } slots) return;
        var buffer = ArrayPool<byte>.Shared.Rent(_box.Count * size);
        fixed (byte* bytes = buffer)
        {
            var at = (nint)bytes;
            foreach (var (first, count) in _box.Runs())
            {
                _reads.Read(_stored, first * size, at, count * size);
                at += count * size;
            }
            foreach (var slot in slots) CopyBatch.Copy((nint)bytes, _target, StridedCopy.Into(slot), _elements);
        }
        ArrayPool<byte>.Shared.Return(buffer);
    }
}
