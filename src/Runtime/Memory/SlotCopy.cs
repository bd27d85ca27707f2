using System.Collections.Immutable;
using Lanyard.Copies;
using Lanyard.Layouts;
using TorchSharp;

namespace Lanyard.Memory;

/// <summary>
/// Copies slots, either way: two strided views and one copy, which widens the elements where the types differ. In the memory of this
/// process it is done here; on other devices, and between types that need rounding, TorchSharp does it.
/// </summary>
internal static class SlotCopy
{
    /// <param name="source">The checkpoint tensor, contiguous, of any shape with the elements in order.</param>
    /// <param name="from">The address from which the source can be reached, or zero.</param>
    /// <param name="parameter">The whole parameter in its model layout, contiguous.</param>
    /// <param name="to">The address from which the parameter can be reached, or zero.</param>
    /// <param name="slots">Offsets and strides on both sides, in elements.</param>
    public static void Write(torch.Tensor source, nint from, torch.Tensor parameter, nint to, ImmutableArray<LayoutSlot> slots)
    {
        if (slots is [var only]) Copy(source, from, parameter, to, [StridedCopy.Into(only)]);
        else Copy(source, from, parameter, to, [.. slots.Select(StridedCopy.Into)]);
    }

    /// <param name="source">The checkpoint tensor, contiguous, of any shape with the elements in order.</param>
    /// <param name="parameter">The whole parameter in its model layout, contiguous.</param>
    /// <param name="slot">Offsets and strides on both sides, in elements.</param>
    public static void Write(torch.Tensor source, torch.Tensor parameter, LayoutSlot slot) => Copy(source, parameter, [StridedCopy.Into(slot)]);

    /// <summary>The inverse of <see cref="Write(torch.Tensor, torch.Tensor, LayoutSlot)"/>: copies the elements of a slot from a parameter into a checkpoint tensor.</summary>
    /// <param name="parameter">The whole parameter in its model layout, contiguous.</param>
    /// <param name="tensor">The whole checkpoint tensor, contiguous.</param>
    /// <param name="slot">Offsets and strides on both sides, in elements.</param>
    /// <param name="offset">What is taken away from each element.</param>
    public static void Read(torch.Tensor parameter, torch.Tensor tensor, LayoutSlot slot, double offset = 0)
    {
        var region = StridedCopy.OutOf(slot);
        Copy(parameter, tensor, [region]);
        if (offset == 0) return;
        using var written = Strided(tensor, region.Sizes, region.To, region.ToStrides);
        written.PlusInPlace(-offset);
    }

    /// <summary>Copies a region of one tensor into one of another.</summary>
    /// <param name="from">The tensor that is read, contiguous.</param>
    /// <param name="to">The tensor that is written, contiguous.</param>
    /// <param name="region">The region, with its offsets into both.</param>
    public static void Run(torch.Tensor from, torch.Tensor to, in StridedCopy region) => Copy(from, to, [region]);

    /// <summary>Copies the region of a slot from one tensor in the parameter's layout to another.</summary>
    public static void Move(torch.Tensor from, torch.Tensor to, LayoutSlot slot) => Copy(from, to, [StridedCopy.Between(slot)]);

    private static void Copy(torch.Tensor from, torch.Tensor to, ReadOnlySpan<StridedCopy> regions) => Copy(from, TensorAddress.Reach(from), to, TensorAddress.Reach(to), regions);

    private static void Copy(torch.Tensor from, nint source, torch.Tensor to, nint target, ReadOnlySpan<StridedCopy> regions)
    {
        if (target != 0 && source != 0 && ElementCopies.Of(from.dtype, to.dtype) is { } elements)
        {
            // For small tensors making a batch costs more than the copy.
            if (regions.Length == 1 && regions[0].Count * elements.ToSize() <= CopyBatch.PieceBytes)
            {
                CopyBatch.Copy(source, target, regions[0], elements);
            }
            else
            {
                var batch = new CopyBatch();
                foreach (var region in regions) batch.Add(source, target, region, elements);
                batch.Run();
            }

        }
        else
        {
            // Otherwise no parameter that records gradients can be written to.
            using var noGrad = torch.no_grad();
            foreach (var region in regions)
            {
                using torch.Tensor view = Strided(from, region.Sizes, region.From, region.FromStrides), written = Strided(to, region.Sizes, region.To, region.ToStrides);
                written.copy_(view);
            }
        }

        // Addresses keep nothing alive: a finaliser would free the memory under the copy.
        GC.KeepAlive(from);
        GC.KeepAlive(to);
    }

    private static torch.Tensor Strided(torch.Tensor tensor, ImmutableArray<long> sizes, long offset, ImmutableArray<long> strides) =>
        // It counts from the beginning of the storage, wherever the tensor itself begins.
        tensor.as_strided([.. sizes], [.. strides], tensor.storage_offset() + offset);
}
