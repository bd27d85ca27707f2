namespace Lanyard;

/// <summary>
/// Names the checkpoint tensors that fill a parameter, or a part of it, and how their elements lie. A parameter without any
/// is derived: a <see cref="PostLoadAttribute"/> method makes it.
/// </summary>
/// <param name="name">The tensor's name below the module's own, with holes for axes that are enumerated by name: <c>{experts}.{proj}_proj.weight</c>.</param>
/// <param name="pattern">The checkpoint layout of one such tensor, in the layout notation; empty for a scalar.</param>
[AttributeUsage(AttributeTargets.Property, AllowMultiple = true)]
public sealed class FromCheckpointAttribute(string name, string pattern) : Attribute
{
    /// <summary>The tensor's name below the module's own.</summary>
    public string Name { get; } = name;

    /// <summary>The checkpoint layout, in the layout notation.</summary>
    public string Pattern { get; } = pattern;

    /// <summary>The part of the parameter that the tensor fills, a tag of the parameter's pattern: <c>q</c>.</summary>
    public string? Part { get; set; }

    /// <summary>
    /// The alternative that this source belongs to. Sources of one format fill the parameter together; a checkpoint brings exactly
    /// one format of a parameter.
    /// </summary>
    public string? Format { get; set; }
}
