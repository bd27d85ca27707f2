using System.Collections.Immutable;
using Lanyard.Layouts;

namespace Lanyard.Maps;

/// <summary>What a rank holds of each axis of a module.</summary>
internal static class AxisShares
{
    /// <exception cref="ArgumentException">The topology does not divide an axis; all such axes are named.</exception>
    public static ImmutableArray<Axis> Of(ModuleMap map, Func<int, long> sizeOf, Topology topology)
    {
        var axes = ImmutableArray.CreateBuilder<Axis>(map.Axes.Length);
        var wrong = new List<string>();
        for (var i = 0; i < map.Axes.Length; i++)
        {
            var (entry, size) = (map.Axes[i], sizeOf(i));
            if (size <= 0) wrong.Add($"{entry.Name} is {size}: set the member before the parameters are created");
            else if (!entry.Labels.IsDefaultOrEmpty && entry.Labels.Length != size) wrong.Add($"{entry.Name} is {size} but has {entry.Labels.Length} labels");
            else if (Share(entry, size, topology, out var problem) is var share && problem is null) axes.Add(new Axis(entry.Name, size, entry.Labels, share));
            else wrong.Add($"{entry.Name} of size {size} {problem}");
        }
        return wrong.Count == 0 ? axes.ToImmutable() : throw new ArgumentException($"{map.Type} cannot be laid out: {string.Join("; ", wrong)}.");
    }

    private static AxisShare Share(AxisEntry entry, long size, Topology topology, out string? problem)
    {
        problem = null;
        if (entry.PadTo != 1)
            return Padded(entry, size, topology, out problem);
        switch (entry.Shard)
        {
            case Shard.Tensor when size % topology.TensorSize == 0:
                return AxisShare.Range(topology.TensorRank * (size / topology.TensorSize), size / topology.TensorSize);
            case Shard.Tensor when entry.Replicate && topology.TensorSize % size == 0:
                return AxisShare.Range(topology.TensorRank / (topology.TensorSize / size), 1);
            case Shard.Tensor:
                problem = $"does not divide over {topology.TensorSize} tensor-parallel ranks";
                return AxisShare.All;
            case Shard.Expert:
                var share = topology.ExpertPlacement.Share(size, topology.ExpertRank, topology.ExpertSize, out problem);
                problem = problem is null ? null : $"is not what the topology places: {problem}";
                return share;
            default:
                return AxisShare.All;
        }
    }

    // Rounded up on one rank, too: a checkpoint must give the same parameter on any number of them.
    private static AxisShare Padded(AxisEntry entry, long size, Topology topology, out string? problem)
    {
        problem = null;
        if (entry.PadTo < 1)
            problem = $"cannot be rounded up to a multiple of {entry.PadTo}";
        else if (entry.Shard != Shard.Tensor || entry.Replicate)
            problem = "is rounded up, which goes with equal ranges on tensor-parallel ranks alone";
        else if (Extents.DivideUp(size, entry.PadTo) * entry.PadTo is var padded && padded % topology.TensorSize == 0)
            return AxisShare.PaddedRange(topology.TensorRank * (padded / topology.TensorSize), padded / topology.TensorSize);
        else
            problem = $"is rounded up to {padded}, which does not divide over {topology.TensorSize} tensor-parallel ranks";
        return AxisShare.All;
    }
}
