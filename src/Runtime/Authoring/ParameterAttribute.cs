using TorchSharp;

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
    /// The layout of the storage, where it is not the model layout: padded or transposed for a kernel, say
    /// <c>experts hidden pad(intermediate, 128)</c>. It knows the same elements. Loads go straight into it, so it costs no memory and
    /// no time after a load, and the model layout never exists. What cannot be said as a layout is a <see cref="PostLoadAttribute"/>
    /// method's.
    /// </summary>
    public string? Kernel { get; set; }

    /// <summary>The element type, where it is not the one that the constructor gives to all: <c>ScalarType.Byte</c> for packed values, <c>ScalarType.Float32</c> for a bias that must not be rounded.</summary>
    public torch.ScalarType Type { get; set; }

    /// <summary>
    /// The name of a <see cref="bool"/> member of the class that says whether an instance has the parameter, such as a bias. The
    /// property must then be nullable; it is null where the parameter is absent.
    /// </summary>
    public string? When { get; set; }

    /// <summary>
    /// The value of every element where a checkpoint has none of the parameter's tensors, in any format: 1 for scales that most checkpoints do
    /// without, 0 for a bias. A load or a whole refit without them writes it; a refit of a subset keeps what is there. Not given, the parameter
    /// may not stay away.
    /// </summary>
    public double Absent { get; set; }
}
