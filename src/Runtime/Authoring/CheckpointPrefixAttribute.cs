namespace Lanyard;

/// <summary>
/// A prefix that stands before every name of this model, or of this part of one: in some checkpoints, and is missing in others; or in those
/// of a convention.
/// </summary>
/// <param name="prefix">The prefix, with its dot: <c>language_model.</c></param>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true)]
public sealed class CheckpointPrefixAttribute(string prefix) : Attribute
{
    /// <summary>The prefix, with its dot.</summary>
    public string Prefix { get; } = prefix;

    /// <summary>
    /// The convention in which every name has the prefix: see <see cref="CheckpointNameAttribute.Convention"/>. Null: in any checkpoint all names may
    /// have it, or none.
    /// </summary>
    public string? Convention { get; set; }
}
