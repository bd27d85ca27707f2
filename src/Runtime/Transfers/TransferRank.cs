using Lanyard.Maps;

namespace Lanyard;

/// <summary>One rank of a side of a transfer: which process it is, and what it holds.</summary>
/// <param name="Process">The number of the process, in one numbering for both sides: a process that is on both has what it needs of itself without a message.</param>
/// <param name="Topology">Which rank of how many it is.</param>
public sealed record TransferRank(int Process, Topology Topology)
{
    /// <summary>The process and its rank, for messages.</summary>
    public override string ToString() => $"process {Process} ({ModelContext.HoldsOf(Topology)})";
}
