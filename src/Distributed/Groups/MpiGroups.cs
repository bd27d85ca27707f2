using static TorchSharp.torch;

namespace Lanyard.Distributed;

/// <summary>
/// What the process of one rank does with others: the tensor-parallel and expert-parallel ones of its model, and the same rank of other replicas. Made by <see cref="MpiRuntime.Groups"/>;
/// a model is given it by <c>model.Join(groups)</c>.
/// </summary>
public sealed class MpiGroups : ICollectives
{
    internal MpiGroups(Topology topology, int replica, MpiGroup tensor, MpiGroup expert, MpiGroup data) =>
        (Topology, Replica, Tensor, Expert, Data) = (topology, replica, tensor, expert, data);

    /// <summary>Which rank of its replica the process is.</summary>
    public Topology Topology { get; }

    /// <summary>Which replica it belongs to, from 0.</summary>
    public int Replica { get; }

    /// <summary>The processes that differ by their tensor-parallel rank alone.</summary>
    public MpiGroup Tensor { get; }

    /// <summary>The processes that differ by their expert-parallel rank alone.</summary>
    public MpiGroup Expert { get; }

    /// <summary>The processes that hold the same, one of each replica.</summary>
    public MpiGroup Data { get; }

    /// <inheritdoc/>
    public Tensor AllReduce(Tensor value, RankGroup group) => Of(group).AllReduce(value);

    /// <inheritdoc/>
    public Tensor AllGather(Tensor value, int dim, RankGroup group) => Of(group).AllGather(value, dim);

    /// <inheritdoc/>
    public Tensor AllToAll(Tensor rows, ReadOnlySpan<long> counts, RankGroup group) => Of(group).AllToAll(rows, counts);

    private MpiGroup Of(RankGroup group) => group switch
    {
        RankGroup.Tensor => Tensor,
        RankGroup.Expert => Expert,
        _ => throw new ArgumentOutOfRangeException(nameof(group), group, "There is no such group of ranks."),
    };
}
