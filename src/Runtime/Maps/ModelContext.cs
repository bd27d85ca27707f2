using TorchSharp;

namespace Lanyard.Maps;

/// <summary>What all modules of a tree have in common: the rank, and the type and the device of parameters that declare none.</summary>
/// <param name="Topology">The rank, whatever pipeline stage holds the module at hand.</param>
/// <param name="Type">The element type.</param>
/// <param name="Device">The device.</param>
/// <param name="KernelLayouts">Whether parameters are in declared kernel layouts, and post-load methods make what kernels want.</param>
/// <param name="Allocator">What makes the memory of parameters; null for fresh tensors.</param>
internal sealed record ModelContext(Topology Topology, torch.ScalarType Type, torch.Device Device, bool KernelLayouts, ParameterAllocator? Allocator)
{
    /// <summary>What a tree has of which nobody said anything.</summary>
    public static ModelContext Default { get; } = new(Topology.Single, torch.ScalarType.Float32, torch.CPU, true, null);

    /// <summary>The rank, for messages.</summary>
    public string Holds => HoldsOf(Topology);

    /// <summary>Whether a module is of the same rank. Where experts lie, and which stage holds a module, may differ from layer to layer.</summary>
    public bool IsOfSameRank(Topology other) => Ranks(Topology) == Ranks(other) && Topology.LayersOfStages.AsSpan().SequenceEqual(other.LayersOfStages.AsSpan());

    /// <summary>Whether a module is on the same device.</summary>
    public bool IsOn(torch.Device other) => Device.type == other.type && Device.index == other.index;

    /// <summary>Whether there are kernel layouts, for messages.</summary>
    public static string LayoutsOf(bool kernelLayouts) => kernelLayouts ? "kernel layouts" : "no kernel layouts";

    /// <summary>Whose memory parameters have, for messages.</summary>
    public static string MemoryOf(ParameterAllocator? allocator) => allocator is null ? "memory that nobody chose" : "memory of its own function";

    /// <summary>What a rank holds, for messages.</summary>
    public static string HoldsOf(Topology topology)
    {
        var ranks = new[]
        {
            (Name: "tensor", Rank: topology.TensorRank, Size: topology.TensorSize),
            (Name: "expert", Rank: topology.ExpertRank, Size: topology.ExpertSize),
            (Name: "pipeline", Rank: topology.PipelineRank, Size: topology.PipelineSize),
        }.Where(rank => rank.Size > 1).Select(rank => $"{rank.Name} rank {rank.Rank} of {rank.Size}").ToList();
        return ranks.Count == 0 ? "everything, as one rank alone" : string.Join(" and ", ranks);
    }

    private static (int, int, int, int, int, int) Ranks(Topology topology) =>
        (topology.TensorRank, topology.TensorSize, topology.ExpertRank, topology.ExpertSize, topology.PipelineRank, topology.PipelineSize);
}
