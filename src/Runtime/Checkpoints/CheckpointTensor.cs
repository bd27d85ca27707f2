using System.Collections.Immutable;

namespace Lanyard.Checkpoints;

/// <summary>One tensor of a checkpoint, as its file's header describes it. Equal if all its members are, the shape by its sizes.</summary>
public sealed record CheckpointTensor
{
    /// <summary>The name, unique in the checkpoint.</summary>
    public required string Name { get; init; }

    /// <summary>The element type.</summary>
    public required CheckpointType DType { get; init; }

    /// <summary>The size of each axis, outermost first; empty for a scalar.</summary>
    public required ImmutableArray<long> Shape { get; init; }

    /// <summary>The name of the file that holds the tensor, one of <see cref="Checkpoint.Files"/>; of a tensor in pieces, that of the first.</summary>
    public required string File { get; init; }

    /// <summary>Where the tensor's bytes begin, in bytes from the beginning of the file; of a tensor in pieces, those of the first.</summary>
    public required long Offset { get; init; }

    /// <summary>How many bytes the tensor has: the product of its shape and the size of its element type, or that of its blocks and their size.</summary>
    public required long Length { get; init; }

    /// <summary>The pieces of a tensor of which several files have a part each, in ascending order; empty of all others.</summary>
    public ImmutableArray<CheckpointTensor> Pieces => Place?.Pieces ?? [];

    /// <summary>Where a piece begins in the whole tensor, one index for each axis; default for a whole tensor.</summary>
    public ImmutableArray<long> Start => Place?.Start ?? default;

    /// <summary>What a piece or a tensor in pieces says of them; null for nearly all.</summary>
    internal PiecePlace? Place { get; init; }

    /// <summary>How many elements the tensor has.</summary>
    public long ElementCount => Length / DType.BlockBytes() * DType.BlockElements();

    /// <inheritdoc/>
    public bool Equals(CheckpointTensor? other) => other is not null
        && Name == other.Name
        && DType == other.DType
        && File == other.File
        && Offset == other.Offset
        && Length == other.Length
        && Shape.AsSpan().SequenceEqual(other.Shape.AsSpan())
        && Equals(Place, other.Place);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Name, DType, File, Offset, Length);

    /// <summary>Name, element type and shape, such as <c>model.norm.weight BF16 [64]</c>.</summary>
    public override string ToString() =>
        $"{Name} {DType.Text()} [{string.Join(", ", Shape.AsSpan().ToArray())}]{(Start.IsDefault ? "" : $" from [{string.Join(", ", Start)}]")}{(Pieces.IsEmpty ? "" : $" in {Pieces.Length} pieces")}";
}
