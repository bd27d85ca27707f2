using TorchSharp;
using static TorchSharp.torch;

namespace Lanyard;

/// <summary>Memory for weights.</summary>
internal static class FreshTensor
{
    /// <summary>A contiguous tensor on huge pages, where the system gives them.</summary>
    /// <param name="shape">Its shape.</param>
    /// <param name="type">The element type.</param>
    /// <param name="device">The device.</param>
    /// <param name="zero">Whether the elements are zero, or whatever was there.</param>
    public static Tensor Of(long[] shape, ScalarType type, Device device, bool zero)
    {
        var tensor = torch.empty(shape, type, device);
        if (device.type == DeviceType.CPU && tensor.numel() > 0) HugePages.Advise(TensorAddress.Of(tensor), tensor.numel() * tensor.element_size());
        return zero ? tensor.zero_() : tensor;
    }
}
