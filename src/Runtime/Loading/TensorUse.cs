using System.Collections.Immutable;
using Lanyard.Layouts;

namespace Lanyard;

/// <summary>The slots of one parameter that one checkpoint tensor fills in one format.</summary>
/// <param name="Tensor">The checkpoint tensor.</param>
/// <param name="Parameter">The parameter.</param>
/// <param name="Format">The format.</param>
/// <param name="Slots">The slots; none where another rank holds all of the elements.</param>
/// <param name="Shape">The shape of the whole tensor, decoded and before any slicing.</param>
/// <param name="Stored">The shape as it is stored.</param>
/// <param name="Encoding">How it is stored.</param>
/// <param name="Narrow">Whether the source declares that elements may be rounded to a narrower type.</param>
/// <param name="Scale">The tensor that holds the scales, or null.</param>
/// <param name="Source">What the class declares.</param>
internal sealed record TensorUse(
    ModelTensor Tensor,
    ModelParameter Parameter,
    ParameterFormat Format,
    ImmutableArray<LayoutSlot> Slots,
    ImmutableArray<long> Shape,
    ImmutableArray<long> Stored,
    TensorEncoding Encoding,
    bool Narrow,
    ModelTensor? Scale,
    CheckpointSource Source)
{
    /// <summary>Whether scales of a shape belong to the tensor.</summary>
    public bool TakesScale(ImmutableArray<long> shape) => Encoding.ScaleShapes(Shape).Any(expected => expected.AsSpan().SequenceEqual(shape.AsSpan()));
}
