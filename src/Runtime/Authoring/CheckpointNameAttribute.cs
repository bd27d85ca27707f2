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
}
