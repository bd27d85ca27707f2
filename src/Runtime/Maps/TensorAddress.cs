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
        if (tensor.device_type != DeviceType.CPU || tensor.numel() == 0) throw new ArgumentException("Only a CPU tensor with elements has an address here.", nameof(tensor));

        if (tensor.is_contiguous() && tensor.numel() * tensor.element_size() <= int.MaxValue) return (nint)Unsafe.AsPointer(ref MemoryMarshal.GetReference(tensor.bytes));

        // One element: a span over a whole tensor ends at 2 GiB.
        using var first = tensor.as_strided([1], [1], tensor.storage_offset());
        return (nint)Unsafe.AsPointer(ref MemoryMarshal.GetReference(first.bytes));
    }

    /// <summary>Whether the elements can be reached from an address, in order.</summary>
    internal static bool IsReachable(torch.Tensor tensor) => tensor.device_type == DeviceType.CPU && tensor.is_contiguous();
}
