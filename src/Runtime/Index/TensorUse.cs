using System.Collections.Immutable;
using Lanyard.Encodings;
using Lanyard.Layouts;
using Lanyard.Parts;

namespace Lanyard.Index;

/// <summary>The slots of one parameter that one checkpoint tensor fills in one format.</summary>
/// <param name="Tensor">The checkpoint tensor.</param>
/// <param name="Parameter">The parameter.</param>
/// <param name="Format">The format.</param>
/// <param name="Slots">The slots; none where another rank holds all of the elements.</param>
/// <param name="Shape">The shape of the whole tensor, decoded and before any slicing.</param>
/// <param name="Stored">The shape as it is stored.</param>
/// <param name="Encoding">How it is stored.</param>
/// <param name="Narrow">Whether the source declares that elements may be rounded to a narrower type.</param>
/// <param name="Companions">The tensors beside the codes, in the order of the encoding.</param>
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
    ImmutableArray<ModelTensor> Companions,
    CheckpointSource Source)
{
    /// <summary>The elements of all slots.</summary>
    public long Elements { get; } = Slots.Sum(slot => slot.Count);

    /// <summary>The elements of the whole tensor that no parameter has, since its pattern rounds an extent up: they are zero.</summary>
    public ImmutableArray<LayoutSlot> Padding { get; init; } = [];

    /// <summary>The elements of the whole tensor that the parameter leaves to others, with the axes and tags that place them.</summary>
    public ImmutableArray<(string Elements, IndexBox Box)> Rest { get; init; } = [];

    /// <summary>What the tensor has of a joined axis, where it is one of several shards; else null.</summary>
    public JoinedRows? Rows { get; init; }

    /// <summary>The companions, each once.</summary>
    public ImmutableArray<ModelTensor> Beside => Companions.Length < 2 ? Companions : [.. Companions.Distinct()];

    /// <summary>The tensor's name below the module's own.</summary>
    public string LocalName => Tensor.Name[Parameter.Module.Prefixes.Of(Format.Name).Length..];

    /// <summary>Whether a companion has a shape that belongs to the tensor.</summary>
    public bool TakesCompanion(ModelTensor companion, ImmutableArray<long> shape)
    {
        // Without an enumerator: it is asked of every tensor of scales.
        for (var i = 0; i < Companions.Length; i++)
        {
            if (ReferenceEquals(Companions[i], companion) && Encoding.CoversOf(i, shape, Shape) is null) return false;
        }
        return true;
    }

    /// <summary>Whether a companion is of a type that can be read.</summary>
    public bool TakesCompanion(ModelTensor companion, StoredType type)
    {
        for (var i = 0; i < Companions.Length; i++)
        {
            if (ReferenceEquals(Companions[i], companion) && !Encoding.TakesCompanion(i, type)) return false;
        }
        return true;
    }

    /// <summary>The shapes that a companion may have.</summary>
    public IEnumerable<ImmutableArray<long>> ShapesOf(ModelTensor companion) => Places(companion).SelectMany(place => Encoding.CompanionShapes(place, Shape));

    /// <summary>Whether a tensor is what the use takes.</summary>
    public bool Takes(ImmutableArray<long> shape, StoredType type, bool narrow) => HasShape(shape) && Encoding.Takes(type, Parameter.Bound.ModelType, Narrow || narrow);

    /// <summary>Whether a tensor has the stored shape.</summary>
    public bool HasShape(ImmutableArray<long> shape) => Encoding.TakesShape(shape, Stored);

    /// <summary>Whether the same elements go to the same places as in another use of the tensor.</summary>
    public bool HasSlotsOf(TensorUse other) =>
        Slots.Length == other.Slots.Length && Slots.Zip(other.Slots).All(pair => pair.First == (pair.Second.Tensor == pair.First.Tensor ? pair.Second : pair.Second with { Tensor = pair.First.Tensor }));

    /// <summary>Whether it makes no difference in which of two uses a tensor is read.</summary>
    public bool ReadsLike(TensorUse other) =>
        HasSlotsOf(other) && Equals(Encoding.Declared, other.Encoding.Declared) && Companions.SequenceEqual(other.Companions) && (Encoding.IsPlain || Sequences.Same(Shape, other.Shape));

    /// <summary>The same use of a part of the tensor, in coordinates of the part.</summary>
    public TensorUse Within(TensorPart part) =>
        new(Tensor, Parameter, Format, [.. Slots.SelectMany(slot => part.Of(slot))], part.Shape, part.Shape, Encoding, Narrow, Companions, Source) { Padding = Padding, Rows = Rows };

    private IEnumerable<int> Places(ModelTensor companion)
    {
        for (var i = 0; i < Companions.Length; i++)
        {
            if (ReferenceEquals(Companions[i], companion)) yield return i;
        }
    }
}
