using System.Collections.Immutable;

namespace Lanyard.Layouts;

/// <summary>A parameter resolved for one rank: its shape, the tensors of its sources, and the copies that fill it.</summary>
public sealed class LayoutPlan
{
    internal LayoutPlan(ImmutableArray<long> shape, ImmutableArray<LayoutTensor> tensors, ImmutableArray<LayoutSlot> slots, ImmutableArray<ConstantSlot> constants, long paddedCount)
    {
        Shape = shape;
        Tensors = tensors;
        Slots = slots;
        Constants = constants;
        PaddedCount = paddedCount;
    }

    /// <summary>The shape of what this rank holds, padding included.</summary>
    public ImmutableArray<long> Shape { get; }

    /// <summary>
    /// Every tensor that a source names, source by source, each in the order of the indices in its name.
    /// A tensor of which this rank holds nothing is listed too, for it belongs to the parameter all the same; it has no slot.
    /// </summary>
    public ImmutableArray<LayoutTensor> Tensors { get; }

    /// <summary>
    /// The copies, ordered by tensor. Together they write every element that is neither padding nor a constant once; an element of a tensor
    /// is read as often as this rank has a place for it.
    /// </summary>
    public ImmutableArray<LayoutSlot> Slots { get; }

    /// <summary>The regions that nothing stored fills, with their values.</summary>
    public ImmutableArray<ConstantSlot> Constants { get; }

    /// <summary>What of the tensors the parameter leaves to others, whatever this rank holds.</summary>
    internal ImmutableArray<LayoutRest> Rest { get; set; } = [];

    /// <summary>How many elements of the parameter are padding, and therefore zero.</summary>
    public long PaddedCount { get; }

    /// <summary>Whether some elements are padding.</summary>
    public bool HasPadding => PaddedCount > 0;

    /// <summary>The copies out of one tensor, where those of all are asked for in their order: tensors are many, and need no table.</summary>
    /// <param name="tensor">The index of the tensor.</param>
    /// <param name="next">Where its copies begin; then, where those of the next one do.</param>
    internal ImmutableArray<LayoutSlot> SlotsOf(int tensor, ref int next)
    {
        var first = next;
        while (next < Slots.Length && Slots[next].Tensor == tensor)
            next++;
        return ImmutableArray.Create(Slots, first, next - first);
    }
}
