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

    /// <summary>
    /// How many of a stored tensor's bytes this rank takes: all of one that is decoded with others or beside them, or put together from chunks; of all others those
    /// of the elements that its slots have, as large a share of the bytes as they are of the elements.
    /// </summary>
    /// <param name="bytes">The bytes of the whole tensor, or of the piece that the place is of.</param>
    public long BytesOf(long bytes)
    {
        if (Chunk is not null || Tensor.Serves.Count > 0 || Uses.IsEmpty) return bytes;
        var (whole, taken) = (1L, 0L);
        foreach (var size in Uses[0].Shape) whole *= size;
        foreach (var use in Uses)
        {
            if (!use.Companions.IsEmpty) return bytes;
            taken += use.Elements;
        }
        return taken >= whole ? bytes : (long)((Int128)bytes * taken / whole);
    }

    private static int Count(ImmutableArray<TensorUse> uses)
    {
        var slots = 0;
        foreach (var use in uses) slots += use.Slots.Length;
        return slots;
    }
}
