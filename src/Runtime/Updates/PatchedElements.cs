using System.Runtime.InteropServices;
using Lanyard.Copies;
using Lanyard.Index;
using Lanyard.Layouts;
using static TorchSharp.torch;

namespace Lanyard.Updates;

/// <summary>A few elements of one parameter, as one checkpoint tensor brings them.</summary>
/// <param name="use">The use that takes them.</param>
/// <param name="type">The type of the values, which is that of the parameter where they can be written.</param>
/// <param name="size">The bytes of a value.</param>
/// <param name="pieces">The elements.</param>
internal sealed unsafe class PatchedElements(TensorUse use, ScalarType type, int size, PatchPiece[] pieces)
{
    /// <summary>The type of the values.</summary>
    public ScalarType Type => type;

    /// <summary>How many pieces can be written beside each other.</summary>
    public int Pieces => pieces.Length;

    /// <summary>How many of the elements the use takes.</summary>
    public long Count()
    {
        if (use.Slots is [var whole] && whole.Count == use.Shape.Aggregate(1L, static (count, size) => count * size)) return pieces.Sum(static piece => (long)piece.Offsets.Length);
        var count = 0L;
        Workers.Run(Pieces, piece =>
        {
            var counter = new Counter();
            foreach (var slot in use.Slots) SlotElements.Visit(slot, pieces[piece], ref counter);
            Interlocked.Add(ref count, counter.Count);
        });
        return count;
    }

    /// <summary>Where some of the elements are, and what they are.</summary>
    /// <param name="slots">The slots that take them.</param>
    /// <returns>Positions: int64 [count]; values: [count]. Both on the CPU.</returns>
    public (Tensor Positions, Tensor Values) Of(ReadOnlySpan<LayoutSlot> slots)
    {
        var (positions, bytes) = (new List<long>(), new List<byte>());
        foreach (var piece in pieces)
        {
            var gatherer = new Gatherer(positions, bytes, piece.Values, size);
            foreach (var slot in slots) SlotElements.Visit(slot, piece, ref gatherer);
        }
        var (places, values) = (empty(positions.Count, ScalarType.Int64, CPU), empty(positions.Count, type, CPU));
        MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(positions)).CopyTo(places.bytes);
        CollectionsMarshal.AsSpan(bytes).CopyTo(values.bytes);
        return (places, values);
    }

    /// <summary>Writes the elements of a piece.</summary>
    /// <param name="piece">The number of the piece.</param>
    /// <param name="target">The address of the whole parameter, in order, of the type of the values.</param>
    public void Write(int piece, nint target)
    {
        fixed (byte* values = pieces[piece].Values)
        {
            switch (size)
            {
                case 1: Write(piece, (byte*)target, values); break;
                case 2: Write(piece, (ushort*)target, (ushort*)values); break;
                case 4: Write(piece, (uint*)target, (uint*)values); break;
                case 8: Write(piece, (ulong*)target, (ulong*)values); break;
                default: Write(piece, (UInt128*)target, (UInt128*)values); break;
            }
        }
    }

    /// <summary>Writes the elements to memory of another device, or of another type.</summary>
    /// <param name="target">The whole parameter, contiguous.</param>
    public void Write(Tensor target)
    {
        using var scope = NewDisposeScope();
        var (positions, values) = Of(use.Slots.AsSpan());
        target.view(-1).index_copy_(0, positions.to(target.device), values.to(target.dtype).to(target.device));
    }

    private void Write<T>(int piece, T* target, T* values)
        where T : unmanaged
    {
        var writer = new Writer<T>(target, values);
        foreach (var slot in use.Slots) SlotElements.Visit(slot, pieces[piece], ref writer);
    }

    private readonly struct Writer<T>(T* target, T* values) : IElementVisitor
        where T : unmanaged
    {
        public void Visit(int at, long position) => target[position] = values[at];
    }

    private struct Counter : IElementVisitor
    {
        public long Count { get; private set; }

        public void Visit(int at, long position) => Count++;
    }

    private readonly struct Gatherer(List<long> positions, List<byte> bytes, byte[] values, int size) : IElementVisitor
    {
        public void Visit(int at, long position)
        {
            positions.Add(position);
            bytes.AddRange(values.AsSpan(at * size, size));
        }
    }
}
