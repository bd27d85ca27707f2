namespace Lanyard;

/// <summary>Checkpoint tensors that this model leaves alone by declaration.</summary>
/// <param name="pattern">Full names; <c>*</c> stands for any text without a dot, <c>**</c> for any text: <c>vision_model.**</c></param>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true)]
public sealed class IgnoreAttribute(string pattern) : Attribute
{
    /// <summary>The pattern of full names.</summary>
    public string Pattern { get; } = pattern;

    /// <summary>Whether a checkpoint may do without such tensors. Otherwise a pattern that matches nothing is an error: it is a mistake, or no longer needed.</summary>
    public bool Optional { get; set; }
}
