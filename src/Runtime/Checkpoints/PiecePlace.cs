using System.Collections.Immutable;

namespace Lanyard.Checkpoints;

/// <summary>What a tensor has to do with pieces.</summary>
/// <param name="Start">Where a piece begins in the whole, one index for each axis; default for the whole.</param>
/// <param name="Pieces">The pieces of the whole; empty for a piece.</param>
internal sealed record PiecePlace(ImmutableArray<long> Start, ImmutableArray<CheckpointTensor> Pieces)
{
    /// <summary>Of a piece, the shape of the whole, as far as the files know; default before it is known.</summary>
    public ImmutableArray<long> Whole { get; init; }

    /// <summary>Of a piece that no file says, the stored tensor of which it is some rows; else null.</summary>
    public CheckpointTensor? Of { get; init; }

    /// <inheritdoc/>
    public bool Equals(PiecePlace? other) =>
        other is not null && Start.AsSpan().SequenceEqual(other.Start.AsSpan()) && Pieces.AsSpan().SequenceEqual(other.Pieces.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => Pieces.Length;
}
