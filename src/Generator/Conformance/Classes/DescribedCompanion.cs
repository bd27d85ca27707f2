using System.Collections.Immutable;

namespace Lanyard.Generator.Conformance.Classes;

/// <summary>A tensor beside the codes of an encoding.</summary>
/// <param name="Name">The name that the arithmetic uses.</param>
/// <param name="Tensor">How its name ends, where that of the codes has its own end.</param>
/// <param name="Layout">How its elements lie.</param>
/// <param name="Covers">Which block of values an element covers, one of these; empty for a table.</param>
/// <param name="MayBeAbsent">Whether none of its kind need be there.</param>
public sealed record DescribedCompanion(string Name, string Tensor, DescribedCodes Layout, ImmutableArray<string> Covers, bool MayBeAbsent);
