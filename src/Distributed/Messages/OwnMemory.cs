using static TorchSharp.torch;

namespace Lanyard.Distributed.Messages;

/// <summary>Tensors whose elements lie one after another in the processor's memory.</summary>
internal static class OwnMemory
{
    /// <summary>The tensor itself where it lies so, else a copy.</summary>
    public static Tensor Of(Tensor value)
    {
        // One that is complex may be the conjugate of what its memory has, and one of its parts the negative.
        var isAsItLies = value.device_type == TorchSharp.DeviceType.CPU && value.is_contiguous() && !is_complex(value) && value.numel() > 1;
        return isAsItLies ? value.detach() : empty(value.shape, dtype: value.dtype, device: CPU).copy_(value.detach());
    }

    /// <summary>How many bytes the elements take.</summary>
    public static long Bytes(Tensor value) => value.numel() * value.element_size();
}
