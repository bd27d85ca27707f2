using System.Collections.Immutable;
using Lanyard.Layouts;

namespace Lanyard;

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
            else if (Share(entry, size, topology) is { } share) axes.Add(new Axis(entry.Name, size, entry.Labels, share));
            else wrong.Add($"{entry.Name} of size {size} does not divide over {topology.TensorSize} tensor-parallel ranks");
        }
        return wrong.Count == 0 ? axes.ToImmutable() : throw new ArgumentException($"{map.Type} cannot be laid out: {string.Join("; ", wrong)}.");
    }

    private static AxisShare? Share(AxisEntry entry, long size, Topology topology) => entry.Shard switch
    {
        Shard.Tensor when size % topology.TensorSize == 0 =>
            AxisShare.Range(topology.TensorRank * (size / topology.TensorSize), size / topology.TensorSize),
        Shard.Tensor when entry.Replicate && topology.TensorSize % size == 0 =>
            AxisShare.Range(topology.TensorRank / (topology.TensorSize / size), 1),
        Shard.Tensor => null,
        Shard.Expert => AxisShare.Range(Start(size, topology.ExpertRank, topology.ExpertSize), Start(size, topology.ExpertRank + 1, topology.ExpertSize) - Start(size, topology.ExpertRank, topology.ExpertSize)),
        _ => AxisShare.All,
    };

    private static long Start(long size, long rank, long ranks) => (rank * (size / ranks)) + Math.Min(rank, size % ranks);
}
