using System.Collections.Immutable;

namespace Lanyard;

/// <summary>A named axis of a module, as its class declares it.</summary>
/// <param name="Name">The name in patterns.</param>
/// <param name="Shard">How the axis is divided over ranks.</param>
/// <param name="Replicate">Whether ranks may share an index where the axis is shorter than the number of ranks.</param>
/// <param name="Labels">The names of the indices; empty where they are spelled in decimal.</param>
/// <param name="PadTo">The multiple to which the axis is rounded up before it is divided.</param>
public sealed record AxisEntry(string Name, Shard Shard, bool Replicate, ImmutableArray<string> Labels, int PadTo = 1);
