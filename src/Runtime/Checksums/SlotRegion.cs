using System.Collections.Immutable;
using Lanyard.Layouts;
using Lanyard.Memory;

namespace Lanyard;

/// <summary>
/// Some elements of a checkpoint tensor, as nested loops over the elements of the whole contiguous row-major tensor. In normal form,
/// which <see cref="Of"/> gives, a region has one spelling wherever its elements lie in a model: strides descend, no loop has one step,
/// none runs on into the next, and the order of the loops is that of the tensor.
/// </summary>
/// <param name="Offset">The first element.</param>
/// <param name="Sizes">The sizes of the loops, slowest first; empty for one element.</param>
/// <param name="Strides">The distance for each loop, in elements.</param>
public sealed record SlotRegion(long Offset, ImmutableArray<long> Sizes, ImmutableArray<long> Strides)
{
    /// <summary>How many elements the region has.</summary>
    public long Count => Sizes.Aggregate(1L, (count, size) => count * size);

    /// <summary>The region of a checkpoint tensor that a slot takes.</summary>
    /// <param name="slot">The slot.</param>
    public static SlotRegion Of(LayoutSlot slot)
    {
        var loops = new List<(long Size, long Stride)>(slot.Sizes.Length);
        foreach (var (size, stride) in slot.Sizes.Zip(slot.TensorStrides).Where(loop => loop.First > 1).OrderByDescending(loop => loop.Second))
        {
            if (loops.Count > 0 && loops[^1].Stride == size * stride) loops[^1] = (loops[^1].Size * size, stride);
            else loops.Add((size, stride));
        }
        return new SlotRegion(slot.TensorOffset, [.. loops.Select(loop => loop.Size)], [.. loops.Select(loop => loop.Stride)]);
    }

    /// <summary>Two regions are equal when their loops are.</summary>
    public bool Equals(SlotRegion? other) =>
        other is not null && Offset == other.Offset && Sequences.Same(Sizes, other.Sizes) && Sequences.Same(Strides, other.Strides);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Offset, Sequences.Hash(Sizes), Sequences.Hash(Strides));

    /// <summary>The elements, for messages: <c>element 7</c>, <c>elements 120..179</c>, <c>elements from 60, [2, 30] by [600, 1]</c>.</summary>
    public override string ToString() =>
        Sizes.IsEmpty ? $"element {Offset}"
        : Sizes.Length == 1 && Strides[0] == 1 ? $"elements {Offset}..{Offset + Sizes[0] - 1}"
        : $"elements from {Offset}, {Shapes.Text(Sizes)} by {Shapes.Text(Strides)}";

    /// <summary>Why this is no region of a tensor in normal form, or null.</summary>
    internal string? Fault(ImmutableArray<long> shape)
    {
        if (Sizes.IsDefault || Strides.IsDefault || Sizes.Length != Strides.Length) return "it has not one stride for each size";

        // A file may say anything: in 64 bits a product that overflows could look right.
        var elements = shape.Aggregate((Int128)1, (count, size) => count * size);
        var span = (Int128)1;
        for (var i = Sizes.Length - 1; i >= 0; i--)
        {
            if (Sizes[i] < 2 || Strides[i] < span || (i + 1 < Sizes.Length && Strides[i] == (Int128)Sizes[i + 1] * Strides[i + 1])) return $"{Shapes.Text(Sizes)} by {Shapes.Text(Strides)} is not in normal form";
            span += (Int128)(Sizes[i] - 1) * Strides[i];
        }
        return Offset < 0 || Offset + span > elements ? $"{this} are not all among the {elements} of {Shapes.Text(shape)}" : null;
    }
}
