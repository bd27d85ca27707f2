using System.Collections.Immutable;
using Lanyard.Encodings;
using Lanyard.Index;

namespace Lanyard;

/// <summary>How a checkpoint stores the elements of a slot that are not stored as they are: what a load undoes before it writes them.</summary>
/// <param name="Scale">The tensor that holds the scales, or null.</param>
/// <param name="BlockSize">The edge of the blocks of the last two axes that share a scale; zero for none.</param>
/// <param name="Packing">How elements are packed into what is stored.</param>
/// <param name="Offset">What is added to what is stored.</param>
public sealed record SlotEncoding(string? Scale, int BlockSize, Packing Packing, double Offset)
{
    /// <summary>The encoding of a use; null where elements are stored as they are.</summary>
    internal static SlotEncoding? Of(TensorUse use) =>
        use.Encoding.IsPlain ? null : new(use.Scale?.Name, use.Encoding.BlockSize, use.Encoding.Packing, use.Encoding.Offset);

    internal TensorEncoding ToTensorEncoding() => new(Scale is not null, BlockSize, Packing, Offset);

    /// <summary>Why elements of a shape cannot be stored like this, or null.</summary>
    internal string? Fault(ImmutableArray<long> shape) =>
        !Enum.IsDefined(Packing) ? $"a packing of {Packing}" : !double.IsFinite(Offset) ? $"an offset of {Offset}" : ToTensorEncoding().Fault(shape);
}
