using System.Buffers.Binary;
using Lanyard.Checkpoints;

namespace Lanyard.Tests.Models;

/// <summary>Decodes stored tensors by plain loops over their bytes, element by element and without TorchSharp.</summary>
internal static class ReferenceDecoder
{
    private static readonly float[] Fp4 = [0f, 0.5f, 1f, 1.5f, 2f, 3f, 4f, 6f];

    /// <summary>One byte of F8_E4M3: a sign, 4 bits of exponent with bias 7, 3 of mantissa, no infinities.</summary>
    public static float E4M3(byte code)
    {
        var (sign, exponent, mantissa) = (code >> 7, (code >> 3) & 15, code & 7);
        if (exponent == 15 && mantissa == 7) return float.NaN;
        var value = exponent == 0 ? mantissa / 8f * MathF.Pow(2, -6) : (1 + (mantissa / 8f)) * MathF.Pow(2, exponent - 7);
        return sign == 1 ? -value : value;
    }

    /// <summary>One byte of F8_E5M2: a sign, 5 bits of exponent with bias 15, 2 of mantissa.</summary>
    public static float E5M2(byte code)
    {
        var (sign, exponent, mantissa) = (code >> 7, (code >> 2) & 31, code & 3);
        var value = exponent == 31 ? (mantissa == 0 ? float.PositiveInfinity : float.NaN)
            : exponent == 0 ? mantissa / 4f * MathF.Pow(2, -14)
            : (1 + (mantissa / 4f)) * MathF.Pow(2, exponent - 15);
        return sign == 1 ? -value : value;
    }

    /// <summary>A matrix of F8_E4M3 with a float32 scale for each block of 128 x 128.</summary>
    public static float[,] Blocks(Checkpoint checkpoint, string name)
    {
        var (codes, scales) = (Bytes(checkpoint, name), Bytes(checkpoint, name + "_scale_inv"));
        var (shape, scaleColumns) = (checkpoint.Tensors[name].Shape, checkpoint.Tensors[name + "_scale_inv"].Shape[1]);
        var values = new float[shape[0], shape[1]];
        for (var row = 0; row < shape[0]; row++)
        {
            for (var column = 0; column < shape[1]; column++)
            {
                var scale = BinaryPrimitives.ReadSingleLittleEndian(scales.AsSpan((int)(4 * (((row / 128) * scaleColumns) + (column / 128)))));
                values[row, column] = E4M3(codes[(row * shape[1]) + column]) * scale;
            }
        }
        return values;
    }

    /// <summary>MXFP4 tensors [a, b, blocks, 16] with scales [a, b, blocks], as [a, b, blocks * 32].</summary>
    public static float[,,] Mxfp4(Checkpoint checkpoint, string blocks, string scales)
    {
        var shape = checkpoint.Tensors[blocks].Shape;
        return Mxfp4(Bytes(checkpoint, blocks), Bytes(checkpoint, scales), (int)shape[0], (int)shape[1], (int)shape[2]);
    }

    /// <summary>The same from the bytes of both.</summary>
    public static float[,,] Mxfp4(byte[] codes, byte[] exponents, int first, int second, int blocks)
    {
        var values = new float[first, second, blocks * 32];
        for (var a = 0; a < first; a++)
        {
            for (var b = 0; b < second; b++)
            {
                for (var c = 0; c < blocks * 32; c++)
                {
                    var block = (((a * second) + b) * blocks) + (c / 32);
                    var pair = codes[(block * 16) + (c % 32 / 2)];
                    var code = c % 2 == 0 ? pair & 15 : pair >> 4;
                    values[a, b, c] = Fp4[code & 7] * (code > 7 ? -1 : 1) * MathF.ScaleB(1, exponents[block] - 127);
                }
            }
        }
        return values;
    }

    /// <summary>A tensor of BF16, flat.</summary>
    public static float[] BFloat16(Checkpoint checkpoint, string name)
    {
        var bytes = Bytes(checkpoint, name);
        return [.. Enumerable.Range(0, bytes.Length / 2).Select(i => BitConverter.UInt32BitsToSingle((uint)BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(2 * i)) << 16))];
    }

    /// <summary>The bytes of a tensor.</summary>
    public static byte[] Bytes(Checkpoint checkpoint, string name)
    {
        var bytes = new byte[checkpoint.Tensors[name].Length];
        checkpoint.Read(checkpoint.Tensors[name], 0, bytes);
        return bytes;
    }
}
