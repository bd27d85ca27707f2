namespace Lanyard;

/// <summary>
/// Declares what the configuration beside a checkpoint says of an encoding that its tensors do not tell from another, on the class of the encoding:
/// <c>[Configured("checkpoint_format", "gptq_v2")]</c>. Where the quantisation of a <c>config.json</c> has the field with another value, a load is refused.
/// </summary>
/// <param name="field">The field, of <c>quantization_config</c> or what takes its place.</param>
/// <param name="value">Its value, in letters of either case.</param>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true)]
public sealed class ConfiguredAttribute(string field, string value) : Attribute
{
    /// <summary>The field.</summary>
    public string Field { get; } = field;

    /// <summary>Its value.</summary>
    public string Value { get; } = value;
}
