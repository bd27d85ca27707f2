using System.Collections.Immutable;
using Lanyard.Books;
using Lanyard.Encodings;
using Lanyard.Index;
using Lanyard.Layouts;
using Lanyard.Memory;
using TorchSharp;

namespace Lanyard.Updates;

/// <summary>Finds what is stored where a tensor has padding: no parameter has it, so that it would be lost.</summary>
internal static class PaddedElements
{
    /// <summary>The first use of what comes of a tensor of which padding is not zero, with the element for messages; null where all is zero.</summary>
    /// <param name="place">Where its elements go.</param>
    /// <param name="arrival">How it comes.</param>
    /// <param name="index">The model.</param>
    /// <param name="source">Where what comes is.</param>
    /// <param name="stored">Gives it, to be disposed; of blocks, their bytes.</param>
    public static (TensorUse Use, string Found)? NonZero<T>(PlacedTensor place, Arrival arrival, ModelIndex index, T source, Func<T, torch.Tensor> stored)
    {
        foreach (var use in place.Uses)
        {
            // With others beside it a tensor is looked at where it is decoded. A slice may have padding where the whole has none.
            if ((use.Padding.IsEmpty && !arrival.IsSlice) || !use.Companions.IsEmpty || arrival.PaddingOf(use, index) is not { IsEmpty: false } padding) continue;
            using var tensor = stored(source);
            using var decoded = arrival.Type.Blocks is null ? null : new DecodedTensor(TensorEncoding.Plain, use.Shape, tensor, arrival.Type, []);
            if ((decoded is null ? NonZero(padding, tensor, arrival.Start) : NonZero(padding, decoded.Values, use.Shape)) is { } found) return (use, found);
        }
        return null;
    }

    /// <summary>The first element of padding that is not zero, for messages, or null.</summary>
    /// <param name="padding">The regions of the padding.</param>
    /// <param name="tensor">The tensor, of elements that are stored as they are.</param>
    /// <param name="start">Where it begins in the one that the message counts in; default where that is itself.</param>
    private static string? NonZero(ImmutableArray<LayoutSlot> padding, torch.Tensor tensor, ImmutableArray<long> start)
    {
        using var noGrad = torch.no_grad();
        using var copy = OrderedTensor.Of(tensor);
        var ordered = copy ?? tensor;
        foreach (var region in padding)
        {
            using var scope = torch.NewDisposeScope();
            var elements = ordered.as_strided([.. region.Sizes], [.. region.TensorStrides], ordered.storage_offset() + region.TensorOffset);
            if (Found(elements, region, [.. tensor.shape], start) is { } found) return found;
        }
        return null;
    }

    /// <inheritdoc cref="NonZero(ImmutableArray{LayoutSlot}, torch.Tensor, ImmutableArray{long})"/>
    /// <param name="padding">The regions of the padding.</param>
    /// <param name="values">The values of the whole tensor.</param>
    /// <param name="shape">Its shape.</param>
    public static string? NonZero(ImmutableArray<LayoutSlot> padding, IDecodedValues values, ImmutableArray<long> shape)
    {
        foreach (var region in padding)
        {
            using var scope = torch.NewDisposeScope();
            var last = region.TensorOffset + region.Sizes.Zip(region.TensorStrides, (size, stride) => (size - 1) * stride).Sum();
            var first = region.TensorOffset - (region.TensorOffset % values.Block);
            var decoded = values.Some(first, [last - first + 1 + ((values.Block - ((last + 1) % values.Block)) % values.Block)]);
            var elements = decoded.as_strided([.. region.Sizes], [.. region.TensorStrides], region.TensorOffset - first);
            if (Found(elements, region, shape, default) is { } found) return found;
        }
        return null;
    }

    /// <summary>An element for messages: <c>3 at [96]</c>.</summary>
    /// <param name="value">The value.</param>
    /// <param name="flat">Its flat index.</param>
    /// <param name="shape">The shape of the tensor.</param>
    /// <param name="start">What is added to the index along each axis; default for nothing.</param>
    public static string Text(double value, long flat, ImmutableArray<long> shape, ImmutableArray<long> start = default)
    {
        var index = new long[shape.Length];
        for (var d = shape.Length - 1; d >= 0; d--) (flat, index[d]) = (flat / shape[d], (flat % shape[d]) + (start.IsDefault ? 0 : start[d]));
        return $"{value} at {Shapes.Text(index)}";
    }

    private static string? Found(torch.Tensor elements, LayoutSlot region, ImmutableArray<long> shape, ImmutableArray<long> start)
    {
        // Types that TorchSharp does not name, as FP8, cannot be compared.
        var comparable = (Enum.IsDefined(elements.dtype) ? elements : elements.to_type(torch.ScalarType.Float32)).flatten().cpu();
        var places = comparable.count_nonzero().ReadInt64() == 0 ? null : comparable.nonzero();
        if (places is null) return null;
        var (first, position, rest) = (places[0, 0].ReadInt64(), region.TensorOffset, places[0, 0].ReadInt64());
        for (var i = region.Sizes.Length - 1; i >= 0; i--)
        {
            position += rest % region.Sizes[i] * region.TensorStrides[i];
            rest /= region.Sizes[i];
        }
        var several = places.shape[0] > 1 ? $", and {places.shape[0] - 1} more" : "";
        return Text(comparable[first].to_type(torch.ScalarType.Float64).ReadDouble(), position, shape, start) + several;
    }
}
