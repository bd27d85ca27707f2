using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using TorchSharp;

namespace Lanyard;

/// <summary>Where a tensor's elements lie in memory.</summary>
public static unsafe class TensorAddress
{
    // What the span of a tensor asks for its address costs 300 ns, this 10 ns, and a refit asks it of every parameter.
    private static readonly delegate* unmanaged<nint, nint> Native = Find();

    /// <summary>
    /// The address of the first element of a CPU tensor: equal before and after for whoever keeps its storage. Zero where there is no memory to have one:
    /// of a tensor without elements, as a rank holds that has no expert, and on the meta device.
    /// </summary>
    /// <exception cref="ArgumentException">The tensor is on another device, where addresses are of another memory.</exception>
    public static nint Of(torch.Tensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        if (tensor.device_type is not (DeviceType.CPU or DeviceType.META)) throw new ArgumentException($"Only a CPU tensor has an address here; this one is on {tensor.device}.", nameof(tensor));
        return tensor.device_type == DeviceType.META || tensor.numel() == 0 ? 0 : First(tensor);
    }

    /// <summary>The address from which all elements can be reached, in order; zero where there is none: on other devices, among strides, without elements.</summary>
    internal static nint Reach(torch.Tensor tensor) => Reach(tensor, out _);

    /// <inheritdoc cref="Reach(torch.Tensor)"/>
    /// <param name="tensor">The tensor.</param>
    /// <param name="bytes">How many bytes the elements take there.</param>
    internal static nint Reach(torch.Tensor tensor, out long bytes)
    {
        bytes = 0;
        if (tensor.device_type != DeviceType.CPU || !tensor.is_contiguous()) return 0;
        bytes = tensor.numel() * tensor.element_size();
        return bytes == 0 ? 0 : First(tensor);
    }

    /// <summary>The address of the first element of a CPU tensor that has any.</summary>
    internal static nint First(torch.Tensor tensor)
    {
        if (Native != null)
        {
            var address = Native(tensor.Handle);
            GC.KeepAlive(tensor);
            return address;
        }

        // One element: a span over a whole tensor ends at 2 GiB.
        using var first = tensor.as_strided([1], [1], tensor.storage_offset());
        return (nint)Unsafe.AsPointer(ref MemoryMarshal.GetReference(first.bytes));
    }

    /// <summary>The function of TorchSharp's native library; null where a version of it has none of that name.</summary>
    private static delegate* unmanaged<nint, nint> Find() =>
        // Looked for as TorchSharp looks for it, so that it is the one that is loaded already.
        NativeLibrary.TryLoad("LibTorchSharp", typeof(torch).Assembly, null, out var library) && NativeLibrary.TryGetExport(library, "THSTensor_data", out var data)
            ? (delegate* unmanaged<nint, nint>)data
            : null;
}
