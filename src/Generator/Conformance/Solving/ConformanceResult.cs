using System.Collections.Immutable;
using Lanyard.Generator.Conformance.Matching;

namespace Lanyard.Generator.Conformance.Solving;

/// <summary>What became of a list and a class.</summary>
/// <param name="Problems">Everything by which they do not match.</param>
/// <param name="Members">What the list says of each member, where they do.</param>
public sealed record ConformanceResult(ImmutableArray<ConformanceProblem> Problems, ImmutableArray<InferredMember> Members)
{
    /// <summary>The type of parameters that declare none; null where the list has names alone.</summary>
    public string? Type { get; init; }

    /// <summary>The modules of the model, one for all that are alike, with their sizes.</summary>
    public ImmutableArray<InferredModule> Modules { get; init; } = [];
}
