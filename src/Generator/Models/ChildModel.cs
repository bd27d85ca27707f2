namespace Lanyard.Generator.Models;

/// <summary>A property that holds a child module, or several.</summary>
/// <param name="Property">The name of the property.</param>
/// <param name="Name">The name under which it is registered.</param>
/// <param name="CheckpointName">The name in the checkpoint.</param>
/// <param name="Kind">What it looks like.</param>
public sealed record ChildModel(string Property, string Name, string CheckpointName, ChildKind Kind)
{
    /// <summary>Whether the property can be given another module at any time.</summary>
    public bool IsSettable { get; init; }

    /// <summary>Other names, in the checkpoints of a convention or a format.</summary>
    public EquatableArray<ChildNameModel> Names { get; init; }

    /// <summary>Whether there may be none.</summary>
    public bool IsOptional { get; init; }

    /// <summary>The classes that it may have, by the names that metadata gives them; empty where nobody says.</summary>
    public EquatableArray<string> Classes { get; init; }

    /// <summary>What its axes are in the class around it, as the author spells it, or null.</summary>
    public string? Axes { get; init; }

    /// <summary>The member on which it depends whether there is one, or null.</summary>
    public string? When { get; init; }

    /// <summary>The numbers of a list's items; null where they are counted from zero.</summary>
    public ListNumbersModel? Numbers { get; init; }

    /// <summary>The name in the checkpoints of a convention, in a format.</summary>
    public string NameIn(string convention, string format) => ChildNameModel.In(Names, convention, format) ?? CheckpointName;
}
