namespace Lanyard;

/// <summary>
/// States the name of a child module in the checkpoint where it is not the property's name in snake_case, and those in the checkpoints
/// of a convention or of a format where they are others.
/// </summary>
/// <param name="name">
/// The name of the child below its parent: <c>mlp</c>, or with dots for levels that have no module of their own. With a
/// <see cref="Convention"/> or a <see cref="Format"/> it may be empty: the child has no level of its own there.
/// </param>
[AttributeUsage(AttributeTargets.Property, AllowMultiple = true)]
public sealed class CheckpointNameAttribute(string name) : Attribute
{
    /// <summary>The name of the child below its parent.</summary>
    public string Name { get; } = name;

    /// <summary>
    /// The convention in which the child has this name. Names of one convention belong together, whatever classes state them: a checkpoint
    /// follows one throughout. Null: the name in every convention for which none is stated.
    /// </summary>
    public string? Convention { get; set; }

    /// <summary>
    /// The format in which the child has this name: that of the <see cref="FromCheckpointAttribute.Format"/> of sources below it. Null: all
    /// formats for which no name is stated.
    /// </summary>
    public string? Format { get; set; }

    /// <summary>
    /// The name of a member of type <c>int</c> with the number of a list's first item, in all of its names: <c>layers.61</c> for a list of what comes
    /// after 61 layers, or for those that a pipeline stage holds. Null: zero.
    /// </summary>
    public string? First { get; set; }

    /// <summary>The name of a member with the number of each item of a list, an array or list of <c>int</c>: that of the experts that a rank holds. Null: one after another.</summary>
    public string? Numbers { get; set; }

    /// <summary>
    /// The name of a member of type <c>int</c> with the number of items that all processes have together, counted from zero. What a checkpoint has of
    /// items that are not in this list is another process's where its names are like those of one that is. Null: nothing is.
    /// </summary>
    public string? Total { get; set; }
}
