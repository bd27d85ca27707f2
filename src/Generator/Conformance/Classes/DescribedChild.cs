using System.Collections.Immutable;
using Lanyard.Generator.Models;

namespace Lanyard.Generator.Conformance.Classes;

/// <summary>A child of a class, or a list of them.</summary>
/// <param name="Property">The name of the property.</param>
/// <param name="Name">The name in checkpoints for which none is stated.</param>
public sealed record DescribedChild(string Property, string Name)
{
    /// <summary>Whether it is a list.</summary>
    public bool IsList { get; init; }

    /// <summary>Whether there may be none.</summary>
    public bool IsOptional { get; init; }

    /// <summary>Whether the items of a list have any numbers, not one after another.</summary>
    public bool IsNumbered { get; init; }

    /// <summary>The classes that it may have, as metadata spells them.</summary>
    public ImmutableArray<string> Classes { get; init; } = [];

    /// <summary>What its axes are in the class around it, or null.</summary>
    public string? Axes { get; init; }

    /// <summary>The member that says whether an instance has it, or null.</summary>
    public string? When { get; init; }

    /// <summary>Names in conventions and formats.</summary>
    public ImmutableArray<ChildNameModel> Names { get; init; } = [];

    /// <summary>The name in a convention and format.</summary>
    public string NameIn(string convention, string format) => ChildNameModel.In(Names, convention, format) ?? Name;
}
