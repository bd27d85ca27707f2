using System.Collections.Immutable;
using Lanyard.Checkpoints;
using Lanyard.Encodings.Gguf;
using Lanyard.Memory;
using TorchSharp;

namespace Lanyard.Encodings;

/// <summary>How the elements of a checkpoint tensor are stored: what a decoder must undo before the layout is applied.</summary>
/// <param name="Scaled">Whether a companion tensor holds scales.</param>
/// <param name="BlockSize">The edge of the blocks of the last two axes that share a scale; zero for none.</param>
/// <param name="Packing">How elements are packed.</param>
/// <param name="Offset">What is added to what is stored.</param>
internal sealed record TensorEncoding(bool Scaled, int BlockSize, Packing Packing, double Offset)
{
    /// <summary>The elements of one MXFP4 block, which share a scale.</summary>
    public const int Mxfp4Block = 32;

    private static readonly torch.ScalarType[] Quantised =
        [CheckpointType.F8_E4M3.ToScalarType(), CheckpointType.F8_E5M2.ToScalarType(), torch.ScalarType.Int8];

    /// <summary>Whether elements are stored as they are.</summary>
    public bool IsPlain => !Scaled && Packing == Packing.None && Offset == 0;

    /// <summary>Whether each element is decoded by itself, so that a part of the tensor can be.</summary>
    public bool HasParts => !Scaled && Packing == Packing.None;

    public static TensorEncoding Of(CheckpointSource source) => new(source.Scale is not null, source.BlockSize, source.Packing, source.Offset);

    /// <summary>Why elements of a shape cannot be stored like this, or null.</summary>
    public string? Fault(ImmutableArray<long> shape) => this switch
    {
        { Packing: Packing.Mxfp4, Scaled: false } => "MXFP4 needs a Scale.",
        { Packing: Packing.Mxfp4, BlockSize: not 0 } => $"the blocks of MXFP4 have {Mxfp4Block} elements; BlockSize has no place here.",
        { Packing: Packing.Mxfp4 } when shape.IsEmpty || shape[^1] % Mxfp4Block != 0 => $"{Shapes.Text(shape)} cannot be stored as MXFP4: the last axis is not a multiple of {Mxfp4Block}.",
        { BlockSize: < 0 } => $"a BlockSize of {BlockSize}.",
        { BlockSize: > 0, Scaled: false } => "a BlockSize needs a Scale.",
        { BlockSize: > 0 } when shape.Length < 2 => $"{Shapes.Text(shape)} has no two axes for blocks of {BlockSize} x {BlockSize}.",
        _ => null,
    };

    /// <summary>The shape that is stored for elements of a shape that has no <see cref="Fault"/>.</summary>
    public ImmutableArray<long> StoredShape(ImmutableArray<long> shape) =>
        Packing == Packing.Mxfp4 ? [.. shape[..^1], shape[^1] / Mxfp4Block, Mxfp4Block / 2] : shape;

    /// <summary>The shapes that the scales of elements of a shape may have.</summary>
    public ImmutableArray<ImmutableArray<long>> ScaleShapes(ImmutableArray<long> shape)
    {
        if (!Scaled) return [];
        if (Packing == Packing.Mxfp4) return [[.. shape[..^1], shape[^1] / Mxfp4Block]];
        if (BlockSize > 0) return [[.. shape[..^2], Blocks(shape[^2]), Blocks(shape[^1])]];
        return shape.IsEmpty ? [[], [1]] : [[], [1], shape[..^1], [.. shape[..^1], 1]];
    }

    /// <summary>Whether elements stored with a type can be decoded, for a parameter of another type.</summary>
    public bool Takes(StoredType stored, torch.ScalarType parameter, bool narrow)
    {
        if (stored.Blocks is { } blocks) return !Scaled && Packing == Packing.None && ElementTypes.IsFloat(parameter) && GgufBlocks.Decodes(blocks);
        if (IsPlain) return ElementTypes.Fits(stored.Scalar, parameter, narrow);
        if (!ElementTypes.IsFloat(parameter)) return false;
        return Packing == Packing.Mxfp4 ? stored.Scalar == torch.ScalarType.Byte
            : Scaled ? Quantised.Contains(stored.Scalar)
            : ElementTypes.Fits(stored.Scalar, parameter, narrow);
    }

    /// <summary>Whether a companion of a type can be the scales.</summary>
    public bool TakesScale(StoredType stored) =>
        stored.Blocks is null && (Packing == Packing.Mxfp4 ? stored.Scalar == torch.ScalarType.Byte : ElementTypes.Fits(stored.Scalar, torch.ScalarType.Float32, false));

    /// <summary>What a tensor and a parameter should be, for messages.</summary>
    public string Expected(torch.ScalarType parameter) =>
        !IsPlain && !ElementTypes.IsFloat(parameter) ? $"a parameter of floating-point type, not {ElementTypes.Name(parameter)}"
        : Packing == Packing.Mxfp4 ? "U8"
        : Scaled ? "F8_E4M3, F8_E5M2 or I8"
        : ElementTypes.Name(parameter);

    private long Blocks(long size) => (size + BlockSize - 1) / BlockSize;
}
