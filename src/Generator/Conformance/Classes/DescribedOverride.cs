using System.Collections.Immutable;

namespace Lanyard.Generator.Conformance.Classes;

/// <summary>What a class says of a child or a parameter of its own or further below.</summary>
/// <param name="Path">The properties that lead there, with dots; with bars in the last one, several of which a module has one.</param>
/// <param name="Classes">The classes of the child, as metadata spells them; none where all models have it or none has.</param>
/// <param name="Axes">What its axes are in the class around it, or null.</param>
public sealed record DescribedOverride(string Path, ImmutableArray<string> Classes, string? Axes)
{
    /// <summary>Whether all models have it.</summary>
    public bool IsAlways { get; init; }
}
