using System.Collections.Immutable;

namespace Lanyard.Generator.Conformance.Matching;

/// <summary>Something by which a class and a list do not match.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Place">Where it is shown.</param>
/// <param name="Message">What is said of it.</param>
public sealed record ConformanceProblem(ProblemKind Kind, ProblemPlace Place, string Message)
{
    /// <summary>Other places that have to do with it.</summary>
    public ImmutableArray<ProblemPlace> Others { get; init; } = [];

    /// <summary>The full name of a tensor that lacks, or that has no home; the first of several. Null where neither is said.</summary>
    public string? Name { get; init; }

    /// <summary>What the author wrote for that name, below the module; null where nobody did.</summary>
    public string? Written { get; init; }

    /// <summary>What mends it: the name or the pattern to write instead, or the one by which tensors are left alone. Null where nobody knows.</summary>
    public string? Instead { get; init; }
}
