using Lanyard.Checkpoints;
using Lanyard.Copies;
using TorchSharp;
using static TorchSharp.torch;

namespace Lanyard.Memory;

/// <summary>Memory for weights.</summary>
internal static class FreshTensor
{
    /// <summary>A contiguous tensor; a large one in main memory begins on a huge page, where the system gives them.</summary>
    /// <param name="shape">Its shape.</param>
    /// <param name="type">The element type.</param>
    /// <param name="device">The device.</param>
    /// <param name="zero">Whether the elements are zero, or whatever was there.</param>
    public static Tensor Of(long[] shape, ScalarType type, Device device, bool zero)
    {
        // Weights are written to from any thread and at any time, which a tensor made in inference mode refuses outside of it.
        using var anyMode = torch.inference_mode(false);
        var tensor = device.type == DeviceType.CPU && Aligned(shape, type) is { } aligned ? aligned : torch.empty(shape, type, device);

        // A second handle, which would keep the memory.
        if (zero) tensor.zero_().Dispose();
        return tensor;
    }

    private static Tensor? Aligned(long[] shape, ScalarType type)
    {
        if (!HugePages.AreGiven || !CheckpointTypes.TryFromScalarType(type, out var known)) return null;
        var (count, element) = (shape.Aggregate(1L, (all, axis) => all * axis), known.Size());
        if (count * element < HugePages.Bytes) return null;

        // What lies before the first huge page is never touched, and so takes no memory.
        using var room = torch.empty(count + (HugePages.Bytes / element), type);
        var address = TensorAddress.Of(room);
        var before = (HugePages.Bytes - (address % HugePages.Bytes)) % HugePages.Bytes;
        if (before % element != 0) return null;
        HugePages.Advise(address + (nint)before, count * element);
        using var part = room.narrow(0, before / element, count);
        using var shaped = part.view(shape);

        // By set_, so that it is a tensor of its own for automatic differentiation, not a view.
        var own = torch.empty(0, type);
        own.set_(shaped);
        return own;
    }
}
