namespace Lanyard;

/// <summary>Which rank of how many a process is, for tensor and expert parallelism. It decides which slices a model holds.</summary>
public sealed record Topology
{
    /// <summary>One process that holds everything.</summary>
    public static Topology Single { get; } = new(0, 1, 0, 1);

    /// <summary>Describes one rank.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A size is not positive, or a rank is not below its size.</exception>
    public Topology(int tensorRank, int tensorSize, int expertRank = 0, int expertSize = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(tensorSize);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(expertSize);
        ArgumentOutOfRangeException.ThrowIfNegative(tensorRank);
        ArgumentOutOfRangeException.ThrowIfNegative(expertRank);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(tensorRank, tensorSize);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(expertRank, expertSize);
        (TensorRank, TensorSize, ExpertRank, ExpertSize) = (tensorRank, tensorSize, expertRank, expertSize);
    }

    /// <summary>The tensor-parallel rank, from 0.</summary>
    public int TensorRank { get; private init; }

    /// <summary>The number of tensor-parallel ranks.</summary>
    public int TensorSize { get; }

    /// <summary>The expert-parallel rank, from 0.</summary>
    public int ExpertRank { get; private init; }

    /// <summary>The number of expert-parallel ranks.</summary>
    public int ExpertSize { get; }

    /// <summary>Whether there is one rank, which holds everything.</summary>
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
}
