using System.Collections.Immutable;
using Lanyard.Generator.Conformance.Matching;

namespace Lanyard.Generator.Conformance.Solving;

/// <summary>What a list says of a module.</summary>
/// <param name="Module">The module; one stands for all of a group that are alike.</param>
/// <param name="Axes">From where to where each of its axes can be, by its name: one number where the list determines it.</param>
public sealed record InferredModule(MatchedModule Module, ImmutableDictionary<string, (long Least, long Most)> Axes);
