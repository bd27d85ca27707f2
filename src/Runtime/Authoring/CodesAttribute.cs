namespace Lanyard;

/// <summary>
/// Declares, on a static class, how a checkpoint stores the codes of quantised values; <see cref="CompanionAttribute"/> the tensors beside
/// them and <see cref="ValueAttribute"/> the arithmetic. The class is then named by <see cref="FromCheckpointAttribute.Encoding"/>.
/// </summary>
/// <param name="tensor">How the name of the tensor with the codes ends: <c>weight_packed</c>. In its place stand the ends of the names of companions.</param>
/// <param name="type">What a code stands for, before the arithmetic.</param>
[AttributeUsage(AttributeTargets.Class)]
public sealed class CodesAttribute(string tensor, CodeType type) : Attribute
{
    /// <summary>How the name of the tensor ends.</summary>
    public string Tensor { get; } = tensor;

    /// <summary>What a code stands for.</summary>
    public CodeType Type { get; } = type;

    /// <summary>The bits of a code, where several lie in a word; zero where each is an element of its own.</summary>
    public int Bits { get; set; }

    /// <summary>The bits of a word, 8, 16, 32 or 64: those of a stored element. Codes follow each other from the lowest bits up, over the ends of words.</summary>
    public int Word { get; set; }

    /// <summary>The axis of the values along which codes are packed, counted from the end: -1 is the last.</summary>
    public int Axis { get; set; } = -1;

    /// <summary>Where codes lie that are not in order: code i of each run of as many lies at place <c>Order[i]</c> of it.</summary>
    public int[]? Order { get; set; }

    /// <summary>The codes of a block that has an axis of its own in the stored tensor, [.., blocks, words of a block]; zero for none.</summary>
    public int Block { get; set; }

    /// <summary>Whether the codes are those of the flattened values, whatever shape is stored.</summary>
    public bool Flat { get; set; }
}
