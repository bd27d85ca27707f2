namespace Lanyard;

/// <summary>How an axis is divided over the ranks of a <see cref="Topology"/>.</summary>
public enum Shard
{
    /// <summary>Every rank holds the whole axis.</summary>
    None,

    /// <summary>Each tensor-parallel rank holds one contiguous range of equal length.</summary>
    Tensor,

    /// <summary>Each expert-parallel rank holds what the topology's <see cref="Topology.ExpertPlacement"/> says, at first one contiguous range.</summary>
    Expert,
}
