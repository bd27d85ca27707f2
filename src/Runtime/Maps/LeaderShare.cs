using Lanyard.Layouts;

namespace Lanyard.Maps;

/// <summary>What a rank holds of an axis that follows no other.</summary>
internal static class LeaderShare
{
    /// <param name="entry">The axis.</param>
    /// <param name="size">Its size.</param>
    /// <param name="within">How many runs of equal length it has that are not mixed on a rank, where it has some.</param>
    /// <param name="topology">Which rank it is.</param>
    /// <param name="problem">Why there is no such share, or null.</param>
    public static AxisShare Of(AxisEntry entry, long size, long? within, Topology topology, out string? problem)
    {
        var (rank, ranks) = (topology.TensorRank, topology.TensorSize);
        if (Contradiction(entry) is { } contradiction)
        {
            problem = contradiction;
            return AxisShare.All;
        }
        if (entry.PadTo != 1) return PaddedTo(entry.PadTo, size, rank, ranks, out problem);
        if (within is { } runs) return PaddedWithin(entry.PadWithin!, runs, size, rank, ranks, out problem);
        problem = null;
        switch (entry.Shard)
        {
            case Shard.Tensor when entry.Unit > 0 || entry.Padded:
                return InUnits(Math.Max(entry.Unit, 1), entry.Padded, size, rank, ranks);
            case Shard.Tensor when size % ranks == 0:
                return AxisShare.Range(rank * (size / ranks), size / ranks);
            case Shard.Tensor when entry.Replicate && ranks % size == 0:
                return AxisShare.Range(rank / (ranks / size), 1);
            case Shard.Tensor:
                problem = $"does not divide over {ranks} tensor-parallel ranks ({WaysOut(entry, size, ranks)})";
                return AxisShare.All;
            case Shard.Expert:
                var share = topology.ExpertPlacement.Share(size, topology.ExpertRank, topology.ExpertSize, out problem);
                problem = problem is null ? null : $"is not what the topology places: {problem}";
                return share;
            case Shard.FirstTensorRank when rank > 0:
                return AxisShare.RangeThenPadding(0, 0, size);
            default:
                return AxisShare.All;
        }
    }

    private static string WaysOut(AxisEntry entry, long size, int ranks)
    {
        const string follows = "takes what the share of another axis needs, as key heads what query heads read";
        return entry.Replicate
            ? $"Replicate is for numbers of ranks that divide it or are a multiple of it; Follows in its place {follows}"
            : $"Follows {follows}; {(ranks % size == 0 ? "Replicate = true lets ranks share an index; " : "")}of an axis that stands by itself PadTo = {ranks} rounds it up with zeros, Unit = 1 gives the last ranks less";
    }

    private static string? Contradiction(AxisEntry entry)
    {
        if (entry.PadTo < 1) return $"cannot be rounded up to a multiple of {entry.PadTo}";
        if (entry.PadTo > 1 && (entry.Shard != Shard.Tensor || entry.Replicate)) return "is rounded up, which goes with equal ranges on tensor-parallel ranks alone";
        if (entry.Unit < 0) return $"cannot be dealt out in units of {entry.Unit}";
        string[] ways = [.. Ways(entry)];
        if (ways.Length > 1) return $"is divided in two ways: {string.Join(" and ", ways)}";
        return ways.Length == 1 && entry.Shard != Shard.Tensor ? $"has {ways[0]}, which goes with Shard.Tensor alone" : null;
    }

    private static IEnumerable<string> Ways(AxisEntry entry)
    {
        if (entry.Replicate) yield return "Replicate";
        if (entry.PadTo > 1) yield return "PadTo";
        if (entry.Unit > 0 || entry.Padded) yield return entry.Unit > 0 ? "Unit" : "Padded";
        if (entry.PadWithin is not null) yield return "PadWithin";
    }

    // Rounded up on one rank, too: a checkpoint must give the same parameter on any number of them.
    private static AxisShare PaddedTo(int multiple, long size, int rank, int ranks, out string? problem)
    {
        var padded = Extents.DivideUp(size, multiple) * multiple;
        problem = padded % ranks == 0 ? null : $"is rounded up to {padded}, which does not divide over {ranks} tensor-parallel ranks (a PadTo that is a multiple of {ranks} does)";
        return problem is null ? AxisShare.PaddedRange(rank * (padded / ranks), padded / ranks) : AxisShare.All;
    }

    private static AxisShare InUnits(long unit, bool padded, long size, int rank, int ranks)
    {
        var each = Extents.DivideUp(Extents.DivideUp(size, unit), ranks) * unit;
        var start = rank * each;
        return padded ? AxisShare.PaddedRange(start, each) : AxisShare.Range(Math.Min(start, size), Math.Clamp(size - start, 0, each));
    }

    private static AxisShare PaddedWithin(string axis, long runs, long size, int rank, int ranks, out string? problem)
    {
        problem = size % runs != 0 ? $"has no equal run for each of {runs} of {axis}"
            : runs % ranks != 0 && ranks % runs != 0 ? $"is padded within {axis}, and {runs} of it can neither be dealt to {ranks} tensor-parallel ranks nor be shared by them"
            : null;
        if (problem is not null) return AxisShare.All;
        if (runs % ranks == 0) return AxisShare.Range(rank * (size / ranks), size / ranks);
        var (run, sharers) = (size / runs, ranks / runs);
        var each = Extents.DivideUp(run, sharers);
        var start = Math.Min(rank % sharers * each, run);
        var count = Math.Min(each, run - start);
        return AxisShare.RangeThenPadding((rank / sharers * run) + start, count, each - count);
    }
}
