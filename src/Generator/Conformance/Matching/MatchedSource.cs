using System.Collections.Immutable;
using Lanyard.Generator.Conformance.Classes;
using Lanyard.Generator.Conformance.Lists;

namespace Lanyard.Generator.Conformance.Matching;

/// <summary>What a list has of a source.</summary>
/// <param name="Source">The source, of the first format that has it.</param>
/// <param name="Tensors">The tensors.</param>
/// <param name="Numbers">For each hole of the name that is spelled in numbers, what it counts and which numbers are there, before the shift.</param>
public sealed record MatchedSource(DescribedSource Source, ImmutableArray<MatchedTensor> Tensors, ImmutableArray<(Layouts.CompositionNode Counts, NumberSet Numbers)> Numbers);
