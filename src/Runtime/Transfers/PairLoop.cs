namespace Lanyard.Transfers;

/// <summary>One loop over two storages: how often, and how far a step moves in each.</summary>
internal readonly record struct PairLoop(long Size, long Target, long Source)
{
    /// <summary>Whether this loop and a faster one are one loop, in both storages.</summary>
    public bool RunsInto(PairLoop faster) => Target == faster.Size * faster.Target && Source == faster.Size * faster.Source;
}
