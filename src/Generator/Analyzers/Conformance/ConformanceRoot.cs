using System.Collections.Immutable;
using Lanyard.Generator.Conformance.Solving;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace Lanyard.Generator.Analyzers.Conformance;

/// <summary>A class that is to conform to a list, and what became of it.</summary>
/// <param name="Type">The class.</param>
/// <param name="Attribute">The attribute that says so.</param>
/// <param name="Path">Where the list is; null where there is none.</param>
/// <param name="Text">The text of the list; null where there is none.</param>
/// <param name="Name">What messages call the list.</param>
/// <param name="Result">What became of it; null where it was not compared.</param>
/// <param name="Faults">Why it was not, each with the argument that is wrong, or -1 for the first.</param>
public sealed record ConformanceRoot(INamedTypeSymbol Type, AttributeData Attribute, string? Path, SourceText? Text, string Name, ConformanceResult? Result, ImmutableArray<(int Argument, string Message)> Faults);
