using System.Collections.Immutable;
using TorchSharp;

namespace Lanyard.Encodings;

/// <summary>Decodes values into a tensor.</summary>
internal static class AllValues
{
    private const int Piece = 1 << 16;

    /// <summary>All values of a tensor.</summary>
    /// <param name="values">The values.</param>
    /// <param name="shape">Their shape.</param>
    /// <returns>In float32, contiguous; the caller's to dispose.</returns>
    public static torch.Tensor All(this IDecodedValues values, ImmutableArray<long> shape) => values.Some(0, [.. shape]);

    /// <summary>Some values of a tensor, one after another.</summary>
    /// <param name="values">The values.</param>
    /// <param name="first">The first, as the contiguous row-major tensor counts them.</param>
    /// <param name="shape">The shape to give them.</param>
    /// <returns>In float32, contiguous; the caller's to dispose.</returns>
    public static unsafe torch.Tensor Some(this IDecodedValues values, long first, long[] shape)
    {
        var decoded = torch.empty(shape, torch.ScalarType.Float32);
        var count = decoded.numel();
        var to = (float*)TensorAddress.Reach(decoded);
        var step = Piece / values.Block * values.Block;
        for (var at = 0L; at < count; at += step) values.Decode(first + at, new Span<float>(to + at, (int)Math.Min(step, count - at)));
        return decoded;
    }
}
