using System.Collections.Immutable;
using System.Runtime.InteropServices;
using TorchSharp;

namespace Lanyard.Memory;

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

    /// <summary>The strides of a contiguous tensor, in elements.</summary>
    public static ImmutableArray<long> Strides(ImmutableArray<long> shape)
    {
        var strides = new long[shape.Length];
        for (var (axis, stride) = (shape.Length - 1, 1L); axis >= 0; stride *= shape[axis--]) strides[axis] = stride;
        return ImmutableCollectionsMarshal.AsImmutableArray(strides);
    }

    /// <summary>The indices of an element, for messages.</summary>
    public static string Position(long element, ImmutableArray<long> shape) => Text(Strides(shape).Select((stride, axis) => element / stride % shape[axis]).ToArray());

    public static string Text(ImmutableArray<long> shape) => Text(shape.AsSpan());

    public static string Text(ReadOnlySpan<long> shape) => $"[{string.Join(", ", shape.ToArray())}]";
}
