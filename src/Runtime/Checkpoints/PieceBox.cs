using System.Collections.Immutable;

namespace Lanyard.Checkpoints;

/// <summary>Neighbouring indices on each axis of a tensor.</summary>
/// <param name="Start">The first ones.</param>
/// <param name="Size">How many there are.</param>
internal readonly record struct PieceBox(ImmutableArray<long> Start, ImmutableArray<long> Size)
{
    /// <summary>The elements; a sum of them stays far below the end of 128 bits.</summary>
    public UInt128 Count => Size.Aggregate(UInt128.One, static (count, size) => count * (UInt128)size);

    /// <summary>That of a piece.</summary>
    public static PieceBox Of(CheckpointTensor piece) => new(piece.Start, piece.Shape);

    /// <summary>What two boxes have in common, or null.</summary>
    public PieceBox? Intersect(PieceBox other)
    {
        ImmutableArray<long>.Builder start = ImmutableArray.CreateBuilder<long>(Start.Length);
        ImmutableArray<long>.Builder size = ImmutableArray.CreateBuilder<long>(Start.Length);
        for (int d = 0; d < Start.Length; d++)
        {
            long first = Math.Max(Start[d], other.Start[d]);
            long end = Math.Min(Start[d] + Size[d], other.Start[d] + other.Size[d]);
            if (first >= end)
            {
                return null;
            }

            start.Add(first);
            size.Add(end - first);
        }

        return new PieceBox(start.MoveToImmutable(), size.MoveToImmutable());
    }

    /// <summary>What is not in another box, as boxes that have nothing in common.</summary>
    public IEnumerable<PieceBox> Except(PieceBox other)
    {
        if (Intersect(other) is not PieceBox both)
        {
            yield return this;
            yield break;
        }

        // In the axes before d within the other, in d before or after it, in those after d anywhere.
        PieceBox rest = this;
        for (int d = 0; d < Start.Length; d++)
        {
            long end = rest.Start[d] + rest.Size[d];
            long other0 = both.Start[d];
            long other1 = both.Start[d] + both.Size[d];
            if (rest.Start[d] < other0)
            {
                yield return rest with { Size = rest.Size.SetItem(d, other0 - rest.Start[d]) };
            }

            if (other1 < end)
            {
                yield return new PieceBox(rest.Start.SetItem(d, other1), rest.Size.SetItem(d, end - other1));
            }

            rest = new PieceBox(rest.Start.SetItem(d, other0), rest.Size.SetItem(d, both.Size[d]));
        }
    }

    /// <summary>The indices, for messages: <c>[0..3, 8]</c>.</summary>
    public override string ToString() => $"[{string.Join(", ", Start.Zip(Size, static (start, size) => size == 1 ? $"{start}" : $"{start}..{start + size - 1}"))}]";
}
