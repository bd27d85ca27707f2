using System.Collections.Immutable;
using Lanyard.Layouts;
using Lanyard.Memory;

namespace Lanyard;

/// <summary>
/// One region of the memory of a live parameter that one checkpoint tensor fills: nested loops of the same sizes on both sides. All numbers but the
/// address count elements.
/// </summary>
public sealed class MemoryRegion
{
    internal MemoryRegion(LayoutSlot slot, nint address, long elementSize)
    {
        (Sizes, TensorOffset, TensorStrides, MemoryOffset, MemoryStrides) = (slot.Sizes, slot.TensorOffset, slot.TensorStrides, slot.ParameterOffset, slot.ParameterStrides);
        (Count, ElementSize) = (slot.Count, elementSize);
        Address = address == 0 ? null : address + (nint)(slot.ParameterOffset * elementSize);
    }

    /// <summary>Where the first element of the region lies in the memory of this process; null where the parameter is on another device.</summary>
    public nint? Address { get; }

    /// <summary>The sizes of the loops, slowest first; empty for one element.</summary>
    public ImmutableArray<long> Sizes { get; }

    /// <summary>Where the region begins in the whole, contiguous checkpoint tensor.</summary>
    public long TensorOffset { get; }

    /// <summary>The distance in the checkpoint tensor for each loop, always positive.</summary>
    public ImmutableArray<long> TensorStrides { get; }

    /// <summary>Where the region begins in the parameter, whose elements lie one after another: <see cref="Address"/> has it already.</summary>
    public long MemoryOffset { get; }

    /// <summary>The distance in memory for each loop, always positive.</summary>
    public ImmutableArray<long> MemoryStrides { get; }

    /// <summary>How many elements the region has.</summary>
    public long Count { get; }

    /// <summary>The bytes of an element in memory.</summary>
    public long ElementSize { get; }

    /// <summary>Whether the elements lie one after another, in the same order, on both sides: then the region is one copy of <see cref="Count"/> elements.</summary>
    public bool IsRun => Sizes.IsEmpty || (Sizes.Length == 1 && TensorStrides[0] == 1 && MemoryStrides[0] == 1);

    /// <summary>The region, for messages: <c>[2, 30] from 60 by [600, 1] to 0 by [30, 1]</c>.</summary>
    public override string ToString() => $"{Shapes.Text(Sizes)} from {TensorOffset} by {Shapes.Text(TensorStrides)} to {MemoryOffset} by {Shapes.Text(MemoryStrides)}";
}
