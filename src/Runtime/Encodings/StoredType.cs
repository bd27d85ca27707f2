using Lanyard.Checkpoints;
using Lanyard.Encodings.Gguf;
using TorchSharp;

namespace Lanyard.Encodings;

/// <summary>The type of elements as they come: one of TorchSharp's, or blocks in a file, which say themselves how they are decoded.</summary>
/// <param name="Scalar">The type of an element; of blocks, that of the decoded elements.</param>
/// <param name="Blocks">The type of the blocks, or another that TorchSharp does not have; else null.</param>
internal readonly record struct StoredType(torch.ScalarType Scalar, CheckpointType? Blocks = null)
{
    /// <summary>The type of a checkpoint tensor's elements.</summary>
    public static StoredType Of(CheckpointType type) => type.IsViewable() ? new(type.ToScalarType()) : new(torch.ScalarType.Float32, type);

    public static implicit operator StoredType(torch.ScalarType type) => new(type);

    /// <summary>The name as checkpoints spell it, for messages.</summary>
    public override string ToString() => Blocks is not { } blocks ? ElementTypes.Name(Scalar) : GgufBlocks.Decodes(blocks) ? blocks.Text() : $"{blocks.Text()}, which is not decoded";
}
