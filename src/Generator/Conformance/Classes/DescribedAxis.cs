using System.Collections.Immutable;

namespace Lanyard.Generator.Conformance.Classes;

/// <summary>An axis of a class.</summary>
/// <param name="Name">The name in patterns.</param>
/// <param name="Member">The member that has the size.</param>
/// <param name="Shard">How it is divided: the name of a member of the enumeration.</param>
public sealed record DescribedAxis(string Name, string Member, string Shard)
{
    /// <summary>The names of the indices; empty where they are numbers.</summary>
    public ImmutableArray<string> Labels { get; init; } = [];

    /// <summary>The size, where the class alone says it.</summary>
    public long? Value { get; init; }

    /// <summary>The axis of the class whose size is this one's by definition, or null.</summary>
    public string? Same { get; init; }

    /// <summary>The key of a configuration that has the size, or null.</summary>
    public string? Config { get; init; }

    /// <summary>Whether ranks may share an index.</summary>
    public bool Replicate { get; init; }

    /// <summary>The multiple to which the axis is rounded up before it is divided.</summary>
    public int PadTo { get; init; } = 1;

    /// <summary>How many indices go together; zero for none that do.</summary>
    public int Unit { get; init; }

    /// <summary>Whether all ranks have as many positions as the first.</summary>
    public bool Padded { get; init; }

    /// <summary>Whether blocks are held whole.</summary>
    public bool Whole { get; init; }

    /// <summary>The axes that it follows, or null.</summary>
    public string? Follows { get; init; }

    /// <summary>The axis within whose runs it is padded, or null.</summary>
    public string? PadWithin { get; init; }
}
