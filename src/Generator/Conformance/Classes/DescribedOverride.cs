using System.Collections.Immutable;

namespace Lanyard.Generator.Conformance.Classes;

/// <summary>What a class says of a child or a parameter further below.</summary>
/// <param name="Path">The properties that lead there, with dots.</param>
/// <param name="Classes">The classes of the child, as metadata spells them; none where no model has it.</param>
/// <param name="Axes">What its axes are in the class around it, or null.</param>
public sealed record DescribedOverride(string Path, ImmutableArray<string> Classes, string? Axes);
