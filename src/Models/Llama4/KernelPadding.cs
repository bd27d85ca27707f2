using static TorchSharp.torch;

namespace Lanyard.Models.Llama4;

/// <summary>Zeros that kernels want beside a weight.</summary>
internal static class KernelPadding
{
    /// <summary>
    /// Rounds the last dimension up to a multiple, with zeros. Where it is one already, the result is another tensor over the
    /// same memory.
    /// </summary>
    public static Tensor PadLast(Tensor tensor, long multiple)
    {
        using var scope = NewDisposeScope();
        // Another handle in any case: the constructor of Parameter takes the one that it is given, and would leave the old value without.
        return PadLastTo(tensor.detach(), (tensor.shape[^1] + multiple - 1) / multiple * multiple).MoveToOuterDisposeScope();
    }

    /// <summary>The first elements of the last dimension, over the same memory: what was there before padding.</summary>
    public static Tensor TakeLast(Tensor tensor, long size)
    {
        using var whole = tensor.detach();
        return whole.narrow(whole.dim() - 1, 0, size);
    }

    /// <summary>Lengthens the last dimension to a size, with zeros; returns the tensor itself where it has that size.</summary>
    public static Tensor PadLastTo(Tensor tensor, long size) =>
        tensor.shape[^1] == size ? tensor : nn.functional.pad(tensor, (0L, size - tensor.shape[^1]));
}
