namespace Lanyard.Generator.Models;

/// <summary>A member that gives the size of an axis.</summary>
/// <param name="Name">The name in patterns.</param>
/// <param name="Size">The expression of its size, after the module and a dot or, for a static member, after the class and a dot.</param>
/// <param name="IsStatic">Whether the member belongs to the class.</param>
/// <param name="NeedsCast">Whether its type does not convert to <see cref="long"/> by itself.</param>
/// <param name="Shard">How the axis is divided: a member of the enumeration, or a number where it has no such member.</param>
/// <param name="Replicate">Whether ranks may share an index.</param>
/// <param name="Labels">The names of the indices.</param>
/// <param name="PadTo">The multiple to which the axis is rounded up before it is divided.</param>
/// <param name="Rest">What else is declared, as initializers.</param>
public sealed record AxisModel(
    string Name,
    string Size,
    bool IsStatic,
    bool NeedsCast,
    string Shard,
    bool Replicate,
    EquatableArray<string> Labels,
    int PadTo,
    EquatableArray<string> Rest)
{
    /// <summary>The size, where it is a constant; else null.</summary>
    public long? Value { get; init; }

    /// <summary>The axis of the class whose size is this one's by definition, or null.</summary>
    public string? Same { get; init; }

    /// <summary>The key of a configuration that has the size, or null.</summary>
    public string? Config { get; init; }
}
