namespace Lanyard;

/// <summary>How an axis is divided over the ranks of a <see cref="Topology"/>.</summary>
public enum Shard
{
    /// <summary>Every rank holds the whole axis.</summary>
    None,

    /// <summary>Each tensor-parallel rank holds one contiguous range, of equal length unless the axis is dealt out in units.</summary>
    Tensor,

    /// <summary>Each expert-parallel rank holds what the topology's <see cref="Topology.ExpertPlacement"/> says, at first one contiguous range.</summary>
    Expert,

    /// <summary>
    /// The first tensor-parallel rank holds the whole axis, the others zeros in its place: a bias that is added before partial sums are
    /// brought together, and must come in once.
    /// </summary>
    FirstTensorRank,
}
