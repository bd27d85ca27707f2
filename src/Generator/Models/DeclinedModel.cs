namespace Lanyard.Generator.Models;

/// <summary>The properties of one class that the generator does not implement, though nobody else does.</summary>
public sealed record DeclinedModel
{
    /// <summary>The name of the generated file, without its ending.</summary>
    public required string FileName { get; init; }

    /// <summary>The namespace, or empty.</summary>
    public required string Namespace { get; init; }

    /// <summary>The types around the class, outermost first, and the class itself, as their declarations begin.</summary>
    public required EquatableArray<string> Declarations { get; init; }

    /// <summary>The properties, in order of declaration.</summary>
    public required EquatableArray<DeclinedProperty> Properties { get; init; }

    /// <summary>Whether code of the class may call a method that the generator would have written.</summary>
    public required bool LacksCreator { get; init; }

    /// <summary>Whether the class would get code if its author had not declared some of it: what marks such code is not left to anybody then.</summary>
    public required bool LacksEntries { get; init; }
}
