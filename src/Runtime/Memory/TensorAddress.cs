using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using TorchSharp;

namespace Lanyard;

/// <summary>Where a tensor's elements lie in memory.</summary>
public static class TensorAddress
{
    /// <summary>The address of the first element of a CPU tensor: equal before and after for whoever keeps its storage.</summary>
    /// <exception cref="ArgumentException">The tensor is not on the CPU, or has no element.</exception>
    public static unsafe nint Of(torch.Tensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        if (tensor.device_type != DeviceType.CPU || tensor.numel() == 0) throw new ArgumentException("Only a CPU tensor with elements has an address here.", nameof(tensor));

        // One element: a span over a whole tensor ends at 2 GiB.
        using var first = tensor.as_strided([1], [1], tensor.storage_offset());
        return (nint)Unsafe.AsPointer(ref MemoryMarshal.GetReference(first.bytes));
    }

    /// <summary>The address from which all elements can be reached, in order; zero where there is none: on other devices, among strides, without elements.</summary>
    internal static nint Reach(torch.Tensor tensor) => Reach(tensor, out _);

    /// <inheritdoc cref="Reach(torch.Tensor)"/>
    /// <param name="tensor">The tensor.</param>
    /// <param name="bytes">How many bytes the elements take there.</param>
    internal static unsafe nint Reach(torch.Tensor tensor, out long bytes)
    {
        bytes = 0;
        if (tensor.device_type != DeviceType.CPU || !tensor.is_contiguous()) return 0;
        bytes = tensor.numel() * tensor.element_size();
        if (bytes == 0) return 0;
        return bytes <= int.MaxValue ? (nint)Unsafe.AsPointer(ref MemoryMarshal.GetReference(tensor.bytes)) : Of(tensor);
    }
}
