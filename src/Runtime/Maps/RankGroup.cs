namespace Lanyard;

/// <summary>Which ranks of a <see cref="Topology"/> work together in one operation.</summary>
public enum RankGroup
{
    /// <summary>Those that differ by their tensor-parallel rank alone.</summary>
    Tensor,

    /// <summary>Those that differ by their expert-parallel rank alone.</summary>
    Expert,
}
