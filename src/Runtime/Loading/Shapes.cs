using System.Collections.Immutable;
using System.Runtime.InteropServices;
using TorchSharp;

namespace Lanyard;

/// <summary>Shapes as messages show them.</summary>
internal static class Shapes
{
    /// <summary>The shape of a tensor. Asking axis by axis is several times faster than for all at once.</summary>
    public static ImmutableArray<long> Of(torch.Tensor tensor)
    {
        var shape = new long[tensor.dim()];
        for (var i = 0; i < shape.Length; i++) shape[i] = tensor.size(i);
        return ImmutableCollectionsMarshal.AsImmutableArray(shape);
    }

    public static string Text(ImmutableArray<long> shape) => Text(shape.AsSpan());

    public static string Text(ReadOnlySpan<long> shape) => $"[{string.Join(", ", shape.ToArray())}]";
}
