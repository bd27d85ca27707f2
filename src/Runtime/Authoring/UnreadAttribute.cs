namespace Lanyard;

/// <summary>Declares a tensor that may stand beside the codes of an encoding and says nothing of the values, as the scales of activations.</summary>
/// <param name="tensor">How its name ends.</param>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true)]
public sealed class UnreadAttribute(string tensor) : Attribute
{
    /// <summary>How the name of the tensor ends.</summary>
    public string Tensor { get; } = tensor;
}
