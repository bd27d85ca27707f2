using Lanyard.Encodings;
using Lanyard.Memory;
using TorchSharp;

namespace Lanyard.Describing;

/// <summary>Types and shapes as texts show them.</summary>
internal static class FormText
{
    /// <summary>The type as checkpoints spell it, then the shape: <c>BF16 [16, 64]</c>. Without a type where that is not known yet.</summary>
    public static string Of(torch.ScalarType? type, ReadOnlySpan<long> shape) => type is { } known ? $"{ElementTypes.Name(known)} {Shapes.Text(shape)}" : Shapes.Text(shape);
}
