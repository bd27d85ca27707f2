using System.Collections.Immutable;
using Lanyard.Checkpoints;
using TorchSharp;

namespace Lanyard;

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

    public static TensorEncoding Of(CheckpointSource source) => new(source.Scale is not null, source.BlockSize, source.Packing, source.Offset);

    /// <summary>The shape that is stored for elements of a shape.</summary>
    /// <exception cref="InvalidOperationException">The last axis is not a whole number of blocks.</exception>
    public ImmutableArray<long> StoredShape(ImmutableArray<long> shape) => Packing == Packing.None ? shape
        : !shape.IsEmpty && shape[^1] % Mxfp4Block == 0 ? [.. shape[..^1], shape[^1] / Mxfp4Block, Mxfp4Block / 2]
        : throw new InvalidOperationException($"{Shapes.Text(shape)} cannot be stored as MXFP4: the last axis is not a multiple of {Mxfp4Block}.");

    /// <summary>The shapes that the scales of elements of a shape may have.</summary>
    public ImmutableArray<ImmutableArray<long>> ScaleShapes(ImmutableArray<long> shape)
    {
        if (Packing == Packing.Mxfp4) return [[.. shape[..^1], shape[^1] / Mxfp4Block]];
        if (BlockSize > 0) return [[.. shape[..^2], Blocks(shape[^2]), Blocks(shape[^1])]];
        return shape.IsEmpty ? [[], [1]] : [[], [1], shape[..^1], [.. shape[..^1], 1]];
    }

    /// <summary>Whether elements stored with a type can be decoded, for a parameter of another type.</summary>
    public bool Takes(torch.ScalarType stored, torch.ScalarType parameter, bool narrow) =>
        Packing == Packing.Mxfp4 ? stored == torch.ScalarType.Byte
        : Scaled ? Quantised.Contains(stored)
        : ElementTypes.Fits(stored, parameter, narrow);

    /// <summary>Whether a companion of a type can be the scales.</summary>
    public bool TakesScale(torch.ScalarType stored) => Packing == Packing.Mxfp4 ? stored == torch.ScalarType.Byte : ElementTypes.Fits(stored, torch.ScalarType.Float32, false);

    private long Blocks(long size) => (size + BlockSize - 1) / BlockSize;
}
