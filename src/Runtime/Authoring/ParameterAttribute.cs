namespace Lanyard;

/// <summary>
/// Declares a parameter and its model layout. The property must be <c>partial</c> and of type
/// <see cref="TorchSharp.Modules.Parameter"/>; it is registered under its name in snake_case.
/// </summary>
/// <param name="pattern">The model layout, in the layout notation: one item for each dimension, slowest first.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ParameterAttribute(string pattern) : Attribute
{
    /// <summary>The model layout, in the layout notation.</summary>
    public string Pattern { get; } = pattern;

    /// <summary>
    /// The name of a <see cref="bool"/> member of the class that says whether an instance has the parameter, such as a bias. The
    /// property must then be nullable; it is null where the parameter is absent.
    /// </summary>
    public string? When { get; set; }
}
