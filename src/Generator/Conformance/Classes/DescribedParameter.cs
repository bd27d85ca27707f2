using System.Collections.Immutable;

namespace Lanyard.Generator.Conformance.Classes;

/// <summary>A parameter of a class.</summary>
/// <param name="Property">The name of the property.</param>
/// <param name="Pattern">The model layout.</param>
public sealed record DescribedParameter(string Property, string Pattern)
{
    /// <summary>The member that says whether an instance has it; null where all have.</summary>
    public string? When { get; init; }

    /// <summary>The declared type of elements, as TorchSharp names it, or null.</summary>
    public string? Type { get; init; }

    /// <summary>Whether none of its tensors need be there.</summary>
    public bool MayBeAbsent { get; init; }

    /// <summary>The sources, in order of declaration.</summary>
    public ImmutableArray<DescribedSource> Sources { get; init; } = [];

    /// <summary>The parts that nothing stored fills, each with the format that it is for, or null.</summary>
    public ImmutableArray<(string Part, string? Format)> Constants { get; init; } = [];
}
