using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Lanyard.Encodings.Gguf;

/// <summary>Blocks of 256 elements with scales of their own for each 16 or 32, which are numbers of four to eight bits.</summary>
internal static class SuperBlocks
{
    public static void Q2_K<T>(ref byte block, ref T to, int count) where T : unmanaged
    {
        for (; count > 0; count--, block = ref Unsafe.Add(ref block, 84), to = ref Unsafe.Add(ref to, 256))
        {
            var (scale, minimum) = (BlockReader.Half(ref block, 80), BlockReader.Half(ref block, 82));
            for (var j = 0; j < 16; j++)
            {
                var own = Unsafe.Add(ref block, j);
                SixteenValues.Write(Pairs(ref block, 16, j).AsSByte(), scale * (own & 15), -(minimum * (own >> 4)), ref Unsafe.Add(ref to, 16 * j));
            }
        }
    }

    public static void Q3_K<T>(ref byte block, ref T to, int count) where T : unmanaged
    {
        for (; count > 0; count--, block = ref Unsafe.Add(ref block, 110), to = ref Unsafe.Add(ref to, 256))
        {
            var scale = BlockReader.Half(ref block, 108);
            var scales = MemoryMarshal.CreateReadOnlySpan(ref Unsafe.Add(ref block, 96), 12);
            for (var j = 0; j < 16; j++)
            {
                // A bit that is not set takes four away.
                var high = BlockReader.Bits(BlockReader.Sixteen(ref block, j % 2 * 16), j / 2, 1) << 2;
                var codes = (Pairs(ref block, 32, j) | high).AsSByte() - Vector128.Create((sbyte)4);
                SixteenValues.Write(codes, scale * (Q3Scale(scales, j) - 32), ref Unsafe.Add(ref to, 16 * j));
            }
        }
    }

    public static void Q4_K<T>(ref byte block, ref T to, int count) where T : unmanaged
    {
        for (; count > 0; count--, block = ref Unsafe.Add(ref block, 144), to = ref Unsafe.Add(ref to, 256))
        {
            var (scale, minimum) = (BlockReader.Half(ref block, 0), BlockReader.Half(ref block, 2));
            var scales = MemoryMarshal.CreateReadOnlySpan(ref Unsafe.Add(ref block, 4), 12);
            for (var j = 0; j < 8; j += 2)
            {
                var (scale0, offset0) = (scale * Scale(scales, j), -(minimum * Minimum(scales, j)));
                var (scale1, offset1) = (scale * Scale(scales, j + 1), -(minimum * Minimum(scales, j + 1)));
                ref var values = ref Unsafe.Add(ref to, 32 * j);
                for (var half = 0; half < 32; half += 16)
                {
                    var (low, high) = SmallBlocks.Halves(ref block, 16 + (16 * j) + half);
                    SixteenValues.Write(low.AsSByte(), scale0, offset0, ref Unsafe.Add(ref values, half));
                    SixteenValues.Write(high.AsSByte(), scale1, offset1, ref Unsafe.Add(ref values, 32 + half));
                }
            }
        }
    }

    public static void Q5_K<T>(ref byte block, ref T to, int count) where T : unmanaged
    {
        for (; count > 0; count--, block = ref Unsafe.Add(ref block, 176), to = ref Unsafe.Add(ref to, 256))
        {
            var (scale, minimum) = (BlockReader.Half(ref block, 0), BlockReader.Half(ref block, 2));
            var scales = MemoryMarshal.CreateReadOnlySpan(ref Unsafe.Add(ref block, 4), 12);
            for (var j = 0; j < 8; j++)
            {
                var (own, offset) = (scale * Scale(scales, j), -(minimum * Minimum(scales, j)));
                for (var half = 0; half < 32; half += 16)
                {
                    var codes = BlockReader.Bits(BlockReader.Sixteen(ref block, 48 + (j / 2 * 32) + half), j % 2 * 4, 15);
                    var high = BlockReader.Bits(BlockReader.Sixteen(ref block, 16 + half), j, 1) << 4;
                    SixteenValues.Write((codes | high).AsSByte(), own, offset, ref Unsafe.Add(ref to, (32 * j) + half));
                }
            }
        }
    }

    public static void Q6_K<T>(ref byte block, ref T to, int count) where T : unmanaged
    {
        for (; count > 0; count--, block = ref Unsafe.Add(ref block, 210), to = ref Unsafe.Add(ref to, 256))
        {
            var scale = BlockReader.Half(ref block, 208);
            for (var j = 0; j < 16; j++)
            {
                var codes = BlockReader.Bits(BlockReader.Sixteen(ref block, (j / 8 * 64) + (j % 4 * 16)), j % 8 / 4 * 4, 15);
                var high = Pairs(ref block, 128, j) << 4;
                SixteenValues.Write((codes | high).AsSByte() - Vector128.Create((sbyte)32), scale * (sbyte)Unsafe.Add(ref block, 192 + j), ref Unsafe.Add(ref to, 16 * j));
            }
        }
    }

    /// <summary>The scale of 32 elements of Q4_K and Q5_K.</summary>
    /// <param name="scales">The twelve bytes of scales and minima.</param>
    /// <param name="j">Which 32 elements.</param>
    public static int Scale(ReadOnlySpan<byte> scales, int j) => j < 4 ? scales[j] & 63 : (scales[j + 4] & 15) | (scales[j - 4] >> 6 << 4);

    /// <summary>The minimum of 32 elements of Q4_K and Q5_K.</summary>
    /// <inheritdoc cref="Scale" path="/param"/>
    public static int Minimum(ReadOnlySpan<byte> scales, int j) => j < 4 ? scales[j + 4] & 63 : (scales[j + 4] >> 4) | (scales[j] >> 6 << 4);

    /// <summary>The scale of 16 elements of Q3_K, before 32 is taken away.</summary>
    /// <param name="scales">The twelve bytes of scales.</param>
    /// <param name="j">Which 16 elements.</param>
    public static int Q3Scale(ReadOnlySpan<byte> scales, int j) => ((scales[j % 8] >> (j / 8 * 4)) & 15) | (((scales[8 + (j % 4)] >> (j / 4 * 2)) & 3) << 4);

    /// <summary>Sixteen codes of two bits, of which four bytes 32 elements apart share a byte.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> Pairs(ref byte block, int at, int j) => BlockReader.Bits(BlockReader.Sixteen(ref block, at + (j / 8 * 32) + (j % 2 * 16)), j % 8 / 2 * 2, 3);
}
