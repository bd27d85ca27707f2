using TorchSharp;
using static TorchSharp.torch;

namespace Lanyard;

/// <summary>Decodes checkpoint tensors in their own positions, before any layout is applied, so that blocks need not align with the parts that a tensor holds.</summary>
internal static class TensorDecoder
{
    private static readonly float[] Fp4 = [0f, 0.5f, 1f, 1.5f, 2f, 3f, 4f, 6f, -0f, -0.5f, -1f, -1.5f, -2f, -3f, -4f, -6f];

    /// <summary>2^(s - 127) for every byte s, as the E8M0 scale of the OCP Microscaling specification.</summary>
    private static readonly float[] E8M0 = [.. Enumerable.Range(0, 256).Select(s => (float)Math.ScaleB(1, s - 127))];

    /// <summary>Decodes some rows, positions of the first axis.</summary>
    /// <param name="stored">The stored tensor, whole.</param>
    /// <param name="scale">Its scales, whole, or null.</param>
    /// <param name="encoding">How it is stored.</param>
    /// <param name="shape">The shape of the whole tensor once decoded.</param>
    /// <param name="first">The first row.</param>
    /// <param name="count">The number of rows.</param>
    /// <returns>The rows in float32, contiguous; the caller's to dispose.</returns>
    public static Tensor Decode(Tensor stored, Tensor? scale, TensorEncoding encoding, ReadOnlySpan<long> shape, long first, long count)
    {
        using var scope = NewDisposeScope();
        var rows = stored.dim() == 0 ? stored : stored.narrow(0, first, count);
        var values = encoding.Packing == Packing.Mxfp4 ? Unpack(rows) : rows.to_type(ScalarType.Float32);
        if (scale is not null) values = values * Expand(scale, encoding, shape, first, count);
        if (encoding.Offset != 0) values = values + (float)encoding.Offset;
        return values.contiguous().MoveToOuterDisposeScope();
    }

    /// <summary>[..., blocks, 16] bytes to [..., blocks * 32] values.</summary>
    private static Tensor Unpack(Tensor packed)
    {
        var codes = torch.stack([packed.bitwise_and(15), packed.bitwise_right_shift(torch.tensor((byte)4))], dim: -1).to_type(ScalarType.Int64);
        var values = torch.tensor(Fp4, device: packed.device).index_select(0, codes.flatten());
        return values.reshape([.. packed.shape[..^2], packed.shape[^2] * TensorEncoding.Mxfp4Block]);
    }

    /// <summary>The scale of each element of the rows, or what broadcasts to it.</summary>
    private static Tensor Expand(Tensor scale, TensorEncoding encoding, ReadOnlySpan<long> shape, long first, long count)
    {
        if (encoding.Packing == Packing.Mxfp4)
        {
            var rows = scale.narrow(0, first, count);
            var factors = torch.tensor(E8M0, device: scale.device).index_select(0, rows.flatten().to_type(ScalarType.Int64)).reshape(rows.shape);
            return factors.repeat_interleave(TensorEncoding.Mxfp4Block, -1);
        }

        var wide = scale.to_type(ScalarType.Float32);
        if (wide.numel() == 1) return wide.reshape([]);
        if (encoding.BlockSize == 0)
        {
            var rows = wide.narrow(0, first, count);
            return rows.dim() < shape.Length ? rows.unsqueeze(-1) : rows;
        }

        long block = encoding.BlockSize;
        if (shape.Length > 2) return Blocks(Blocks(wide.narrow(0, first, count), -2, block, 0, shape[^2]), -1, block, 0, shape[^1]);
        var (top, bottom) = (first / block, (first + count + block - 1) / block);
        return Blocks(Blocks(wide.narrow(0, top, bottom - top), 0, block, first - (top * block), count), 1, block, 0, shape[^1]);
    }

    private static Tensor Blocks(Tensor scale, long axis, long block, long start, long count) =>
        scale.repeat_interleave(block, axis).narrow(axis, start, count);
}
