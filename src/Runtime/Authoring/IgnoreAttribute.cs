namespace Lanyard;

/// <summary>Checkpoint tensors that this model, or this part of one, leaves alone by declaration.</summary>
/// <param name="pattern">Names below the module; <c>*</c> stands for any text without a dot, <c>**</c> for any text: <c>vision_model.**</c>. Of a tensor that parameters read in part it leaves the rest.</param>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true)]
public sealed class IgnoreAttribute(string pattern) : Attribute
{
    /// <summary>The pattern of names.</summary>
    public string Pattern { get; } = pattern;

    /// <summary>
    /// Whether a checkpoint may do without such tensors. Otherwise a pattern that matches nothing, below whichever module of the class, is an
    /// error: it is a mistake, or no longer needed.
    /// </summary>
    public bool Optional { get; set; }

    /// <summary>
    /// The name of a member with the numbers that <c>{}</c> in the pattern stands for, an array or list of <c>int</c>: those of layers that depend on the
    /// configuration, <c>[Ignore("layers.{}.**", Numbers = nameof(Ahead))]</c>. Of none, nothing is ignored.
    /// </summary>
    public string? Numbers { get; set; }

    /// <summary>The name of a <c>bool</c> property or field of the class: instances in which it is false do not ignore anything by this. Null: all do.</summary>
    public string? When { get; set; }
}
