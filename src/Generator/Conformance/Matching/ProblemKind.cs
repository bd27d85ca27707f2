namespace Lanyard.Generator.Conformance.Matching;

/// <summary>How a class and a list of tensors do not match.</summary>
public enum ProblemKind
{
    /// <summary>A tensor without a home.</summary>
    Unexpected,

    /// <summary>A parameter without a source, or a tensor of it that lacks.</summary>
    Missing,

    /// <summary>A shape of another rank than the pattern.</summary>
    Rank,

    /// <summary>Sizes that contradict each other.</summary>
    Size,

    /// <summary>An element type that the source does not accept.</summary>
    Type,

    /// <summary>Codes without what stands beside them.</summary>
    Format,

    /// <summary>A pattern of tensors to leave alone that matches nothing.</summary>
    Ignore,

    /// <summary>An axis that a topology does not divide.</summary>
    Topology,

    /// <summary>A declaration that says too little to check by it.</summary>
    Declaration,

    /// <summary>A list that cannot be read.</summary>
    List,
}
