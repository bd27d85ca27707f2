using TorchSharp;

namespace Lanyard.Memory;

/// <summary>The elements of any tensor one after another.</summary>
internal static class OrderedTensor
{
    /// <summary>The tensor with its elements in order, for the caller to dispose; null where they are.</summary>
    // A view that negates what it reads may be contiguous, too: of a single element, or by as_strided.
    public static torch.Tensor? Of(torch.Tensor tensor) => !tensor.is_contiguous() ? tensor.contiguous() : tensor.is_neg() ? tensor.resolve_neg() : null;
}
