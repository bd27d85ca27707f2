namespace Lanyard.Generator.Models;

/// <summary>A property that holds a child module, or several.</summary>
/// <param name="Property">The name of the property.</param>
/// <param name="Name">The name under which it is registered.</param>
/// <param name="CheckpointName">The name in the checkpoint.</param>
/// <param name="Kind">What it looks like.</param>
public sealed record ChildModel(string Property, string Name, string CheckpointName, ChildKind Kind)
{
    /// <summary>Other names, in the checkpoints of a format.</summary>
    public EquatableArray<ChildNameModel> Names { get; init; }

    /// <summary>The name in the checkpoints of a format.</summary>
    public string NameIn(string format) => Names.FirstOrDefault(name => name.Format == format)?.Name ?? CheckpointName;
}
