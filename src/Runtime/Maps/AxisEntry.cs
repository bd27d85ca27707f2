using System.Collections.Immutable;

namespace Lanyard;

/// <summary>A named axis of a module, as its class declares it.</summary>
/// <param name="Name">The name in patterns.</param>
/// <param name="Shard">How the axis is divided over ranks.</param>
/// <param name="Replicate">Whether ranks may share an index where the axis is shorter than the number of ranks.</param>
/// <param name="Labels">The names of the indices; empty where they are spelled in decimal.</param>
/// <param name="PadTo">The multiple to which the axis is rounded up before it is divided.</param>
public sealed record AxisEntry(string Name, Shard Shard, bool Replicate, ImmutableArray<string> Labels, int PadTo = 1)
{
    /// <summary>The axis, or the axes that make up one dimension, whose share this one follows, as in a pattern; null for a leader.</summary>
    public string? Follows { get; init; }

    /// <summary>How many indices are dealt out together or, of a leader, need one index of this axis; zero where none is declared.</summary>
    public int Unit { get; init; }

    /// <summary>Whether ranks that are dealt less have zeros in its place.</summary>
    public bool Padded { get; init; }

    /// <summary>Whether it is declared that every rank holds the axis whole beside parts that are divided.</summary>
    public bool Whole { get; init; }

    /// <summary>The axis that this one's indices read in equal runs, which are not mixed on a rank; null for none.</summary>
    public string? PadWithin { get; init; }
}
