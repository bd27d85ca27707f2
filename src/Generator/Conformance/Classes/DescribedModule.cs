using System.Collections.Immutable;

namespace Lanyard.Generator.Conformance.Classes;

/// <summary>What a class declares of its map, as the attribute that is written on it says.</summary>
/// <param name="Name">The class, as metadata spells it.</param>
public sealed record DescribedModule(string Name)
{
    /// <summary>The name of the class alone, for messages.</summary>
    public string ShortName { get; } = Name.Substring(Name.LastIndexOfAny(['.', '+']) + 1).Split('`')[0];

    /// <summary>The axes.</summary>
    public ImmutableArray<DescribedAxis> Axes { get; init; } = [];

    /// <summary>The parameters.</summary>
    public ImmutableArray<DescribedParameter> Parameters { get; init; } = [];

    /// <summary>The children.</summary>
    public ImmutableArray<DescribedChild> Children { get; init; } = [];

    /// <summary>Prefixes that some checkpoints put before every name.</summary>
    public ImmutableArray<DescribedPrefix> Prefixes { get; init; } = [];

    /// <summary>Patterns of tensors that are left alone.</summary>
    public ImmutableArray<DescribedIgnore> Ignores { get; init; } = [];

    /// <summary>Other names, each with the one that it stands for.</summary>
    public ImmutableArray<(string Alias, string Name)> Aliases { get; init; } = [];

    /// <summary>What the class says of children and parameters further below.</summary>
    public ImmutableArray<DescribedOverride> Overrides { get; init; } = [];

    /// <summary>The prefix that all names have or none, empty for none.</summary>
    public string OptionalPrefix => Prefixes.FirstOrDefault(static prefix => prefix.Convention.Length == 0)?.Prefix ?? "";
}
