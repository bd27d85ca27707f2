using static TorchSharp.torch;

namespace Lanyard.Testing.Checks;

/// <summary>Compares tensors bit by bit.</summary>
internal static class TensorComparison
{
    /// <summary>How a tensor differs from what is expected, as the rest of a sentence; null where it does not. One of a wider type has the same values.</summary>
    public static string? Difference(Tensor expected, Tensor found)
    {
        if (!expected.shape.AsSpan().SequenceEqual(found.shape)) return $"has the shape [{string.Join(", ", found.shape)}], and was [{string.Join(", ", expected.shape)}]";
        if (found.numel() == 0) return null;
        using var scope = NewDisposeScope();
        var alike = expected.dtype == found.dtype ? expected : Widened(expected, found.dtype);
        if (alike is null) return $"is of {found.dtype}, and was of {expected.dtype}";
        Span<byte> left = alike.contiguous().bytes, right = found.contiguous().bytes;
        if (left.SequenceEqual(right)) return null;
        var (size, others) = ((int)found.element_size(), 0L);
        for (var at = 0; at < left.Length; at += size) others += left.Slice(at, size).SequenceEqual(right.Slice(at, size)) ? 0 : 1;
        return $"has other bits in {others} of {found.numel()} elements";
    }

    private static Tensor? Widened(Tensor tensor, ScalarType type) =>
        tensor.is_floating_point() && type is ScalarType.Float32 or ScalarType.Float64 ? tensor.to(type) : null;
}
