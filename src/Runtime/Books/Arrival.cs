using System.Collections.Immutable;
using Lanyard.Checkpoints;
using Lanyard.Encodings;
using Lanyard.Index;
using Lanyard.Layouts;
using Lanyard.Memory;
using Lanyard.Parts;

namespace Lanyard.Books;

/// <summary>A tensor as it comes: all of a checkpoint tensor, the slice of it that this rank holds, or a chunk of either.</summary>
/// <param name="Name">The full name in the checkpoint.</param>
/// <param name="Shape">The shape of what comes.</param>
/// <param name="Type">The element type.</param>
internal sealed record Arrival(string Name, ImmutableArray<long> Shape, StoredType Type)
{
    /// <summary>Whether it is of the rank's slice in place of the whole tensor.</summary>
    public bool IsSlice { get; init; }

    /// <summary>Whether its bits are remembered, to be compared with what comes under another name of the tensor.</summary>
    public bool IsRemembered { get; init; } = true;

    /// <summary>Where it begins in the tensor or in the slice, one index for each dimension; default where it is not a chunk.</summary>
    public ImmutableArray<long> Start { get; init; }

    /// <summary>The shape of the whole tensor that a chunk is of, where the files say so; else default.</summary>
    public ImmutableArray<long> Whole { get; init; }

    /// <summary>The stored tensor that it is, where that may say more than its shape and type do; null where nobody knows.</summary>
    public ViewOrigin? Origin { get; init; }

    /// <summary>Which slice it is, where its file says so: an equal shape proves nothing. Null where nobody knows.</summary>
    public TensorSlice? Slice { get; init; }

    /// <summary>Whether it is a whole tensor.</summary>
    public bool IsWhole => !IsSlice && Start.IsDefault;

    /// <summary>Whether it has no element.</summary>
    public bool IsEmpty => Shape.Contains(0);

    /// <summary>What tells arrivals of one tensor apart; empty for the whole.</summary>
    public string Place => IsWhole ? "" : $"{(IsSlice ? "slice" : "tensor")} {Found}";

    /// <summary>What came, for messages.</summary>
    public string Found => Start.IsDefault ? Shapes.Text(Shape) : $"{Shapes.Text(Shape)} from {Shapes.Text(Start)}";

    /// <summary>The arrival as that of a whole tensor, where the slice or the chunk is all of it. Scales have no slices: every rank takes all of them.</summary>
    public Arrival Simplified(ModelTensor? known, ModelIndex index)
    {
        if (IsWhole || known is not { } tensor) return this;
        var isAll = tensor.Uses.Count == 0 ? !IsEmpty : tensor.Uses.TrueForAll(use => index.SliceOf(use) is { Slice.IsWhole: true });
        var arrival = IsSlice && isAll ? this with { IsSlice = false } : this;
        if (arrival.IsSlice || Start.IsDefault) return arrival;
        return Start.All(start => start == 0) && tensor.Uses.Count > 0 && tensor.Uses.TrueForAll(use => use.HasShape(Shape)) ? arrival with { Start = default } : arrival;
    }

    /// <summary>Whether it has a shape that a use takes. Where the use has no parts, there is no such shape, and another reason to refuse it.</summary>
    public bool Fits(TensorUse use, ModelIndex index) => IsWhole ? use.HasShape(Shape) : (IsSlice && !use.Encoding.HasParts) || (IsSliceOf(use, index) && Of(use, index) is not null);

    /// <summary>Whether it is the slice that this rank holds of a use's tensor, as far as anybody knows.</summary>
    public bool IsSliceOf(TensorUse use, ModelIndex index) => Slice is null || (index.SliceOf(use) is { } own && own.Slice.Same(Slice));

    /// <summary>The part of a use's tensor that comes, or null where it does not lie within.</summary>
    public TensorPart? Of(TensorUse use, ModelIndex index)
    {
        var all = All(use, index);
        if (!Start.IsDefault || all.IsEmpty) return all.Within(Start, Shape);
        return Shape.AsSpan().SequenceEqual(all.Shape.AsSpan()) ? all : null;
    }

    /// <summary>The elements of what comes that are padding of a use's tensor.</summary>
    public ImmutableArray<LayoutSlot> PaddingOf(TensorUse use, ModelIndex index)
    {
        var slice = IsSlice ? index.SliceOf(use) : null;
        if (IsSlice && slice is null) return [];
        var (padding, shape) = slice is null ? (use.Padding, WholeShape(use)) : (slice.Padding, slice.Slice.Shape);
        if (Start.IsDefault) return padding;
        return TensorPart.Whole(shape).Within(Start, Shape) is { } part ? [.. padding.SelectMany(region => part.Of(region))] : [];
    }

    /// <summary>What should have come for a use, for messages.</summary>
    public string Expected(TensorUse use, ModelIndex index)
    {
        if (IsWhole) return Shapes.Text(use.Stored);
        var (all, whole) = (All(use, index), Shapes.Text(IsSlice ? use.Shape : use.Stored));
        if (all.IsEmpty) return $"no element, since this rank holds nothing of {whole}";
        var slice = IsSlice ? $"the slice {Shapes.Text(all.Shape)} of {whole}" : whole;
        return Start.IsDefault ? slice : $"a part of {slice}";
    }

    // Of a use of a part of the tensor the shape is that of the part.
    private static ImmutableArray<long> WholeShape(TensorUse use) =>
        use.Tensor.Uses.Find(whole => whole.Parameter == use.Parameter && whole.Format == use.Format && whole.Source == use.Source)?.Shape ?? use.Shape;

    private TensorPart All(TensorUse use, ModelIndex index) => IsSlice ? index.SliceOf(use)?.Part ?? TensorPart.None(use.Shape) : TensorPart.Whole(use.Stored);
}
