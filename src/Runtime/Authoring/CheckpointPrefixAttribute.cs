namespace Lanyard;

/// <summary>A prefix that stands before every name of this model in some checkpoints and is missing in others.</summary>
/// <param name="prefix">The prefix, with its dot: <c>language_model.</c></param>
[AttributeUsage(AttributeTargets.Class)]
public sealed class CheckpointPrefixAttribute(string prefix) : Attribute
{
    /// <summary>The prefix, with its dot.</summary>
    public string Prefix { get; } = prefix;
}
