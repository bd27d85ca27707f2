using System.Collections.Immutable;

namespace Lanyard.Index;

/// <summary>A tensor of the model with what an arrival is taken for: where its elements go.</summary>
/// <param name="Tensor">The tensor.</param>
/// <param name="Uses">Where its elements go, in the formats that its shape and type chose; empty for companions of others.</param>
internal sealed record PlacedTensor(ModelTensor Tensor, ImmutableArray<TensorUse> Uses)
{
    /// <summary>Which chunk of the tensor it is, where chunks are put together before anything is written; else null.</summary>
    public TensorChunk? Chunk { get; init; }

    /// <summary>The number of slots that the tensor fills.</summary>
    public int Slots { get; } = Count(Uses);

    /// <summary>Whether the tensor waits for others, which decide in what format it is: it is to be kept until then.</summary>
    public bool Waits { get; init; }

    /// <summary>Whether this rank reads the tensor: for its own slots, or beside those of others.</summary>
    public bool IsRead => Slots > 0 || (Chunk is not null && Tensor.Uses.Exists(use => !use.Slots.IsEmpty)) || Tensor.Serves.Exists(use => !use.Slots.IsEmpty);

    /// <summary>Whether the whole tensor has elements that no parameter has, and that must be zero.</summary>
    public bool HasPadding { get; } = Uses.Any(static use => !use.Padding.IsEmpty);

    private static int Count(ImmutableArray<TensorUse> uses)
    {
        var slots = 0;
        foreach (var use in uses) slots += use.Slots.Length;
        return slots;
    }
}
