using System.Collections.Immutable;
using Lanyard.Generator.Conformance.Classes;

namespace Lanyard.Generator.Conformance.Matching;

/// <summary>What a list has of a parameter.</summary>
/// <param name="Parameter">The parameter.</param>
/// <param name="Sources">What there is; empty where an instance does without it, or nothing of it is there.</param>
public sealed record MatchedParameter(DescribedParameter Parameter, ImmutableArray<MatchedSource> Sources);
