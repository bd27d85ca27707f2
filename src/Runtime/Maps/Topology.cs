using System.Collections.Immutable;
using Lanyard.Layouts;

namespace Lanyard;

/// <summary>
/// Which rank of how many a process is, for tensor, expert and pipeline parallelism. It decides which slices a model holds, and which of its
/// modules.
/// </summary>
public sealed record Topology
{
    /// <summary>One process that holds everything.</summary>
    public static Topology Single { get; } = new(0, 1, 0, 1);

    /// <summary>Describes one rank.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A size is not positive, or a rank is not below its size.</exception>
    public Topology(int tensorRank, int tensorSize, int expertRank = 0, int expertSize = 1, int pipelineRank = 0, int pipelineSize = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(tensorSize);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(expertSize);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(pipelineSize);
        ArgumentOutOfRangeException.ThrowIfNegative(tensorRank);
        ArgumentOutOfRangeException.ThrowIfNegative(expertRank);
        ArgumentOutOfRangeException.ThrowIfNegative(pipelineRank);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(tensorRank, tensorSize);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(expertRank, expertSize);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(pipelineRank, pipelineSize);
        (TensorRank, TensorSize, ExpertRank, ExpertSize, PipelineRank, PipelineSize) = (tensorRank, tensorSize, expertRank, expertSize, pipelineRank, pipelineSize);
    }

    /// <summary>The tensor-parallel rank, from 0.</summary>
    public int TensorRank { get; private init; }

    /// <summary>The number of tensor-parallel ranks.</summary>
    public int TensorSize { get; }

    /// <summary>The expert-parallel rank, from 0.</summary>
    public int ExpertRank { get; private init; }

    /// <summary>The number of expert-parallel ranks.</summary>
    public int ExpertSize { get; }

    /// <summary>The pipeline stage, from 0.</summary>
    public int PipelineRank { get; }

    /// <summary>The number of pipeline stages.</summary>
    public int PipelineSize { get; }

    /// <summary>What another rank has as the topology of the module to which this one is given.</summary>
    /// <param name="rank">The rank, of the same pipeline stage.</param>
    internal Topology As(Topology rank) => rank with { Stages = Stages };

    /// <summary>Whether there is one rank, which holds everything of what it holds.</summary>
    internal bool IsWhole => TensorSize == 1 && ExpertSize == 1;

    /// <summary>The same topology as every rank sees it that differs from this one by its tensor-parallel rank alone, or by its expert-parallel one.</summary>
    internal IEnumerable<Topology> Ranks(Shard shard) => shard == Shard.Expert
        ? Enumerable.Range(0, ExpertSize).Select(rank => this with { ExpertRank = rank })
        : Enumerable.Range(0, TensorSize).Select(rank => this with { TensorRank = rank });

    /// <summary>Which experts each expert-parallel rank holds.</summary>
    /// <exception cref="ArgumentException">The placement lists other ranks than there are.</exception>
    public ExpertPlacement ExpertPlacement
    {
        get;
        init => field = value.Lists.IsEmpty || value.Lists.Length == ExpertSize
            ? value
            : throw new ArgumentException($"The placement lists {value.Lists.Length} ranks, the topology has {ExpertSize} expert-parallel ones.", nameof(value));
    } = ExpertPlacement.Linear;

    /// <summary>How many layers each pipeline stage holds, in order. Empty: as many each, the first ones one more where that does not divide.</summary>
    /// <exception cref="ArgumentException">There is not one number for each stage, or one is negative.</exception>
    public ImmutableArray<int> LayersOfStages
    {
        get;
        init => field = value.IsEmpty || (value.Length == PipelineSize && value.All(layers => layers >= 0))
            ? value
            : throw new ArgumentException($"There must be a number of layers for each of the {PipelineSize} pipeline stages, none of them negative.", nameof(value));
    } = [];

    /// <summary>The pipeline stages that hold the module to which the topology is given, ascending. Empty: all.</summary>
    public ImmutableArray<int> Stages { get; private init; } = [];

    /// <summary>Whether this process holds the module to which the topology is given. One that it does not hold has no parameters here, but its tensors are known.</summary>
    public bool IsHeld => Stages.IsEmpty || Stages.Contains(PipelineRank);

    /// <summary>The same for a module that every pipeline stage holds.</summary>
    internal Topology OnAllStages => Stages.IsEmpty ? this : this with { Stages = [] };

    /// <summary>The same for a module that some pipeline stages hold, and the others do not: <c>topology.OnStages(0, ^1)</c> for a tied embedding.</summary>
    /// <param name="stages">The stages; <c>^1</c> is the last. One that comes twice is there once.</param>
    /// <exception cref="ArgumentException">No stage is given.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no such stage.</exception>
    public Topology OnStages(params ReadOnlySpan<System.Index> stages)
    {
        if (stages.IsEmpty) throw new ArgumentException("A module is held by some stage.", nameof(stages));
        var held = new SortedSet<int>();
        foreach (var stage in stages)
        {
            var number = stage.GetOffset(PipelineSize);
            if (number < 0 || number >= PipelineSize) throw new ArgumentOutOfRangeException(nameof(stages), $"There is no stage {stage} of {PipelineSize}.");
            held.Add(number);
        }
        return this with { Stages = [.. held] };
    }

    /// <summary>The same for one of the layers, which one pipeline stage holds: each stage has a range of them.</summary>
    /// <param name="layer">The number of the layer, from 0.</param>
    /// <param name="layers">How many there are.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such layer.</exception>
    /// <exception cref="ArgumentException"><see cref="LayersOfStages"/> are not so many.</exception>
    public Topology OfLayer(int layer, int layers)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(layer);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(layer, layers);
        if (!LayersOfStages.IsEmpty && LayersOfStages.Sum(count => (long)count) != layers) throw new ArgumentException($"The pipeline stages hold {string.Join(" + ", LayersOfStages)} layers, but the model has {layers}.", nameof(layers));
        var (stage, end) = (0, Count(0));
        while (layer >= end) end += Count(++stage);
        return OnStages(stage);

        int Count(int of) => LayersOfStages.IsEmpty ? (layers / PipelineSize) + (of < layers % PipelineSize ? 1 : 0) : LayersOfStages[of];
    }

    /// <summary>Two topologies are equal when they are of one rank and hold alike.</summary>
    public bool Equals(Topology? other) =>
        other is not null
        && (TensorRank, TensorSize, ExpertRank, ExpertSize, PipelineRank, PipelineSize) == (other.TensorRank, other.TensorSize, other.ExpertRank, other.ExpertSize, other.PipelineRank, other.PipelineSize)
        && ExpertPlacement.Equals(other.ExpertPlacement)
        && Sequences.Same(LayersOfStages, other.LayersOfStages)
        && Sequences.Same(Stages, other.Stages);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(TensorRank, TensorSize, ExpertRank, ExpertSize, PipelineRank, PipelineSize, ExpertPlacement);
}
