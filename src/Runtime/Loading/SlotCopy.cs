using Lanyard.Layouts;
using TorchSharp;

namespace Lanyard;

/// <summary>Copies one slot, either way: two strided views and one copy, which widens the elements where the types differ.</summary>
internal static class SlotCopy
{
    /// <param name="source">The checkpoint tensor, contiguous, of any shape with the elements in order.</param>
    /// <param name="parameter">The whole parameter in its model layout, contiguous.</param>
    /// <param name="slot">Offsets and strides on both sides, in elements.</param>
    public static void Write(torch.Tensor source, torch.Tensor parameter, LayoutSlot slot)
    {
        var sizes = slot.Sizes.ToArray();
        using var from = source.as_strided(sizes, [.. slot.TensorStrides], source.storage_offset() + slot.TensorOffset);
        using var to = parameter.as_strided(sizes, [.. slot.ParameterStrides], parameter.storage_offset() + slot.ParameterOffset);
        to.copy_(from).Dispose();
    }

    /// <summary>The inverse of <see cref="Write"/>: copies the elements of a slot from a parameter into a checkpoint tensor.</summary>
    /// <param name="parameter">The whole parameter in its model layout, contiguous.</param>
    /// <param name="tensor">The whole checkpoint tensor, contiguous.</param>
    /// <param name="slot">Offsets and strides on both sides, in elements.</param>
    /// <param name="offset">What is taken away from each element.</param>
    public static void Read(torch.Tensor parameter, torch.Tensor tensor, LayoutSlot slot, double offset = 0)
    {
        var sizes = slot.Sizes.ToArray();
        using var from = parameter.as_strided(sizes, [.. slot.ParameterStrides], parameter.storage_offset() + slot.ParameterOffset);
        using var to = tensor.as_strided(sizes, [.. slot.TensorStrides], tensor.storage_offset() + slot.TensorOffset);
        to.copy_(from);
        if (offset != 0) to.sub_(offset);
    }
}
