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

    /// <summary>
    /// Axes of the parameter that the tensor has not, with a space between: each of its elements goes to every index of them, as one scale
    /// does that stands for gate and up. Without it an axis that lacks is an error. All places of an element are loaded, patched and proven; an
    /// export writes it once, where they have the same bits, and is refused where they have not.
    /// </summary>
    public string? Repeat { get; set; }

    /// <summary>
    /// The axis along which the tensors are laid one after another, the first of the pattern: one tensor that is stored as several shards. The name
    /// has one hole, whose axis is the number of shards and no axis of the elements; the pattern is that of all of them together. Shards are written
    /// with equally many indices of the axis, the last with what is left; in files they may have any numbers.
    /// </summary>
    public string? Joined { get; set; }

    /// <summary>
    /// Whether another parameter of the class takes elements of the tensor too, which both declare: one scale for keys and values. All of them are
    /// loaded, patched and proven; an export writes it once, where they have the same bits, and is refused where they have not.
    /// </summary>
    public bool Shared { get; set; }

    /// <summary>
    /// The class that declares how the tensor stores its values: one of <c>Lanyard.Published</c>, or any static class with
    /// <see cref="CodesAttribute"/> and <see cref="ValueAttribute"/>. The pattern describes the values.
    /// </summary>
    public Type? Encoding { get; set; }

    /// <summary>
    /// The tensor that holds the scales of a quantised one, with the same holes as the name: <c>q_proj.weight_scale_inv</c>. An element
    /// is its stored value times its scale. The scale's shape says what it belongs to: one number to the tensor, one for each row to its
    /// channel, or one for each block where <see cref="BlockSize"/> is given.
    /// With an <see cref="Encoding"/>: the name of its companion <c>scale</c>, where that is not what the encoding says; one scale of many
    /// tensors has fewer holes than they.
    /// </summary>
    public string? Scale { get; set; }

    /// <summary>The edge of the square blocks of the last two axes that share a scale, from the first element on; the last blocks may be partial. Zero: no blocks.</summary>
    public int BlockSize { get; set; }

    /// <summary>How elements are packed into what is stored; the pattern describes them unpacked.</summary>
    public Packing Packing { get; set; }

    /// <summary>A constant that is added to what is stored: 1 for norms that are stored minus one.</summary>
    public double Offset { get; set; }

    /// <summary>Whether the tensor may be rounded to a narrower floating-point type of the parameter.</summary>
    public bool Cast { get; set; }
}
