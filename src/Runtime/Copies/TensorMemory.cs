using TorchSharp;

namespace Lanyard;

/// <summary>Where tensors lie in the memory of this process.</summary>
internal static unsafe class TensorMemory
{
    /// <summary>Whether the elements can be reached by address, in order.</summary>
    public static bool IsReachable(torch.Tensor tensor) => tensor.device_type == DeviceType.CPU && tensor.is_contiguous();

    /// <summary>The address of the first element of a tensor with elements. It holds as long as the tensor is kept alive.</summary>
    /// <param name="tensor">A reachable tensor.</param>
    public static nint Address(torch.Tensor tensor)
    {
        if (tensor.numel() * tensor.element_size() <= int.MaxValue)
        {
            fixed (byte* address = tensor.bytes) return (nint)address;
        }

        // The public way to the address is a span, which cannot be longer than an int counts.
        using var flat = tensor.view(-1);
        using var first = flat.narrow(0, 0, 1);
        fixed (byte* start = first.bytes) return (nint)start;
    }
}
