using System.Collections.Immutable;

namespace Lanyard;

/// <summary>Everything that a class declares of its parameters: what generated code hands to the runtime.</summary>
public sealed record ModuleMap
{
    /// <summary>The name of the class, as written in C#.</summary>
    public required string Type { get; init; }

    /// <summary>The axes, in order of declaration.</summary>
    public ImmutableArray<AxisEntry> Axes { get; init; } = [];

    /// <summary>The parameters, in order of declaration.</summary>
    public ImmutableArray<ParameterEntry> Parameters { get; init; } = [];

    /// <summary>The post-load methods, in the order in which they run: whoever assigns a parameter runs before those that only read it.</summary>
    public ImmutableArray<PostLoadEntry> PostLoads { get; init; } = [];

    /// <summary>The names under which children are registered, in order of declaration.</summary>
    public ImmutableArray<string> Children { get; init; } = [];

    /// <summary>What the names begin with under which the items of lists are registered: <c>layers</c> of <c>layers_3</c>.</summary>
    public ImmutableArray<string> Lists { get; init; } = [];

    /// <summary>Names of children, and of lists of them, in the checkpoints of a convention or a format, where they are others.</summary>
    public ImmutableArray<ChildName> ChildNames { get; init; } = [];

    /// <summary>Prefixes that some checkpoints put before every name of the module: of each convention one, and one that belongs to none.</summary>
    public ImmutableArray<PrefixEntry> Prefixes { get; init; } = [];

    /// <summary>Patterns of checkpoint tensors that the module leaves alone.</summary>
    public ImmutableArray<IgnoreEntry> Ignores { get; init; } = [];

    /// <summary>Other names of checkpoint tensors.</summary>
    public ImmutableArray<AliasEntry> Aliases { get; init; } = [];

    /// <summary>Whether a constructor reads parameters, to fill them in place, so that they may be read until it has called RegisterComponents.</summary>
    public bool ReadsInConstructor { get; init; }

    /// <summary>The prefix that checkpoints may put before every name or leave out; empty where there is none.</summary>
    internal string OptionalPrefix => PrefixIn("");

    /// <summary>The prefix that every name has in a convention; empty where it has none.</summary>
    internal string PrefixIn(string convention)
    {
        foreach (var entry in Prefixes)
        {
            if (entry.Convention == convention) return entry.Prefix;
        }
        return "";
    }

    /// <summary>Whether a registered name is that of a child.</summary>
    internal bool IsChild(string name)
    {
        if (Children.Contains(name)) return true;
        var position = name.LastIndexOf('_');
        return position > 0 && Lists.Contains(name[..position]) && name.AsSpan(position + 1) is { IsEmpty: false } digits && !digits.ContainsAnyExceptInRange('0', '9');
    }
}
