using System.Collections.Immutable;
using Lanyard.Checkpoints;
using Lanyard.Encodings.Gguf;
using TorchSharp;
using static TorchSharp.torch;

namespace Lanyard.Encodings;

/// <summary>Decodes checkpoint tensors in their own positions, before any layout is applied, so that blocks need not align with the parts that a tensor holds.</summary>
internal static class TensorDecoder
{
    private const int PieceBlocks = 1 << 12;

    /// <summary>The two values in every byte, the low half first: 4 bits are a sign, two of exponent and one of mantissa.</summary>
    private static readonly float[] Fp4Pairs = [.. Enumerable.Range(0, 256).SelectMany(pair => new[] { Fp4(pair & 15), Fp4(pair >> 4) })];

    /// <summary>2^(s - 127) for every byte s, as the E8M0 scale of the OCP Microscaling specification.</summary>
    private static readonly float[] E8M0 = [.. Enumerable.Range(0, 255).Select(s => (float)Math.ScaleB(1, s - 127)), float.NaN];

    /// <summary>Decodes a part of a tensor.</summary>
    /// <param name="stored">The stored tensor, whole.</param>
    /// <param name="scale">Its scales, whole, or null.</param>
    /// <param name="shape">Its shape, decoded.</param>
    /// <param name="encoding">How it is stored.</param>
    /// <param name="box">The part.</param>
    /// <returns>The elements of the box in float32, or in float64 where they are stored so, contiguous; the caller's to dispose.</returns>
    public static Tensor Decode(Tensor stored, Tensor? scale, ImmutableArray<long> shape, TensorEncoding encoding, DecodedBox box)
    {
        using var scope = NewDisposeScope();
        if (shape.IsEmpty) (stored, scale, shape) = (stored.view(1), scale?.reshape(1), [1]);
        var near = scale?.to(stored.device);
        var part = encoding.Packing == Packing.Mxfp4 ? Unpack(stored, near!, shape.Length, box) : Widen(Cut(stored, shape.Length, box.First, box.Rows, box.Left, box.Columns));
        if (near is not null && encoding.Packing == Packing.None) Multiply(part, Widen(near), encoding.BlockSize, box);
        if (encoding.Offset != 0) part.PlusInPlace(encoding.Offset);
        return part.MoveToOuterDisposeScope();
    }

    /// <summary>Decodes all blocks of a tensor.</summary>
    /// <param name="bytes">Their bytes, contiguous and in main memory.</param>
    /// <param name="type">Their type, one that is decoded.</param>
    /// <param name="shape">The shape of the tensor.</param>
    /// <returns>The elements in float32; the caller's to dispose.</returns>
    public static unsafe Tensor Decode(Tensor bytes, CheckpointType type, ImmutableArray<long> shape)
    {
        var values = torch.empty([.. shape], ScalarType.Float32);
        var (from, to) = (TensorAddress.Reach(bytes), TensorAddress.Reach(values));
        var blocks = values.numel() / type.BlockElements();
        for (var at = 0L; at < blocks; at += PieceBlocks)
        {
            var count = (int)Math.Min(PieceBlocks, blocks - at);
            GgufBlocks.Decode(type, new ReadOnlySpan<byte>((byte*)from + (at * type.BlockBytes()), count * type.BlockBytes()), new Span<float>((float*)to + (at * type.BlockElements()), count * type.BlockElements()));
        }
        GC.KeepAlive(bytes);
        return values;
    }

    private static float Fp4(int code)
    {
        var (exponent, mantissa) = ((code >> 1) & 3, code & 1);
        var magnitude = exponent == 0 ? mantissa * 0.5f : (1 + (mantissa * 0.5f)) * (1 << (exponent - 1));
        return code >= 8 ? -magnitude : magnitude;
    }

    private static Tensor Cut(Tensor tensor, int axes, long first, long rows, long left, long columns)
    {
        var cut = tensor.narrow(0, first, rows);
        return axes == 2 ? cut.narrow(1, left, columns) : cut;
    }

    /// <summary>A copy in the type to compute in, contiguous.</summary>
    private static Tensor Widen(Tensor values)
    {
        // Never the tensor itself, as to_type gives where the type is right: what follows would scale the memory of the checkpoint.
        var wide = torch.empty(values.shape, values.dtype == ScalarType.Float64 ? ScalarType.Float64 : ScalarType.Float32, values.device);
        return wide.copy_(values);
    }

    /// <summary>[..., blocks, 16] bytes and [..., blocks] scales to [..., blocks * 32] values.</summary>
    private static Tensor Unpack(Tensor packed, Tensor scale, int axes, DecodedBox box)
    {
        // A vector has blocks for rows.
        var size = axes == 1 ? TensorEncoding.Mxfp4Block : 1;
        var (first, rows) = (box.First / size, ((box.First + box.Rows - 1) / size) - (box.First / size) + 1);
        var (left, columns) = (box.Left / TensorEncoding.Mxfp4Block, box.Columns / TensorEncoding.Mxfp4Block);

        // index_select takes no bytes for indices.
        var codes = Cut(packed, axes, first, rows, left, columns).to_type(ScalarType.Int32).flatten();
        var values = torch.tensor(Fp4Pairs, [256, 2], device: packed.device).index_select(0, codes).view(-1, TensorEncoding.Mxfp4Block);
        var exponents = Cut(scale, axes, first, rows, left, columns).to_type(ScalarType.Int32).flatten();
        values.mul_(torch.tensor(E8M0, device: scale.device).index_select(0, exponents).unsqueeze(-1));
        return axes == 1 ? values.view(-1).narrow(0, box.First - (first * size), box.Rows) : values;
    }

    private static void Multiply(Tensor part, Tensor scale, int block, DecodedBox box)
    {
        if (scale.numel() == 1) part.mul_(scale.view(1));
        else if (block == 0)
        {
            var rows = scale.narrow(0, box.First, box.Rows);
            part.mul_(rows.dim() < part.dim() ? rows.unsqueeze(-1) : rows);
        }
        else if (part.dim() == 2) MultiplyBlocks(part, scale, block, box.First, box.Left);
        else
        {
            // Of more than two axes the last two are matrices, whole in the box.
            var (matrices, scales) = (part.view(-1, part.shape[^2], part.shape[^1]), scale.narrow(0, box.First, box.Rows).reshape(-1, scale.shape[^2], scale.shape[^1]));
            for (var i = 0L; i < matrices.shape[0]; i++) MultiplyBlocks(matrices[i], scales[i], block, 0, 0);
        }
    }

    /// <summary>Multiplies a part of a matrix, which may begin within a block, by the scales of the whole one.</summary>
    private static void MultiplyBlocks(Tensor part, Tensor scale, int block, long first, long left)
    {
        var (rows, columns) = (part.shape[0], part.shape[1]);
        var (start, end) = (left / block, ((left + columns - 1) / block) + 1);

        // By rows of blocks: the scales of all of them, spread out, would be as large as the part.
        for (var row = 0L; row < rows;)
        {
            using var scope = NewDisposeScope();
            var i = (first + row) / block;
            var count = Math.Min(rows - row, ((i + 1) * block) - (first + row));
            var factors = scale[i].narrow(0, start, end - start).repeat_interleave(block).narrow(0, left - (start * block), columns);
            part.narrow(0, row, count).mul_(factors);
            row += count;
        }
    }
}
