using Lanyard.Layouts;

namespace Lanyard.Transfers;

/// <summary>Elements of a tensor that lie in one storage: nested loops over both. The strides of the tensor descend, and no loop reaches past a step of the one around it.</summary>
/// <param name="Tensor">Where the first element is in the tensor.</param>
/// <param name="Storage">Where it is in the storage.</param>
/// <param name="Loops">The loops, slowest in the tensor first; <see cref="SlotLoop.ParameterStride"/> is that of the storage.</param>
internal sealed record Region(long Tensor, long Storage, SlotLoop[] Loops)
{
    /// <summary>The region of a slot.</summary>
    public static Region Of(LayoutSlot slot)
    {
        var loops = new SlotLoop[slot.Sizes.Length];
        for (var i = 0; i < loops.Length; i++) loops[i] = new SlotLoop(slot.Sizes[i], slot.ParameterStrides[i], slot.TensorStrides[i]);
        Array.Sort(loops, static (left, right) => right.TensorStride.CompareTo(left.TensorStride));
        return new Region(slot.TensorOffset, slot.ParameterOffset, loops);
    }

    /// <summary>How many elements it has.</summary>
    public long Count
    {
        get
        {
            var count = 1L;
            foreach (var loop in Loops) count *= loop.Size;
            return count;
        }
    }

    /// <summary>The position in the tensor behind the last element.</summary>
    public long End
    {
        get
        {
            var last = Tensor;
            foreach (var loop in Loops) last += (loop.Size - 1) * loop.TensorStride;
            return last + 1;
        }
    }

    /// <summary>The distance of the slowest loop in the tensor; zero where there is none.</summary>
    public long Step => Loops.Length > 0 ? Loops[0].TensorStride : 0;

    /// <summary>What one step of the slowest loop has, from the beginning of both.</summary>
    public Region Inner => new(0, 0, Loops[1..]);

    /// <summary>The same with a loop around it that begins at its first element.</summary>
    public Region Around(SlotLoop loop) => loop.Size == 1 ? this : this with { Loops = [loop, .. Loops] };
}
