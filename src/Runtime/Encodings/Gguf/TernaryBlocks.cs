using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Lanyard.Encodings.Gguf;

/// <summary>Blocks of 256 elements that are -1, 0 or 1 times a scale.</summary>
internal static class TernaryBlocks
{
    public static void TQ1_0<T>(ref byte block, ref T to, int count) where T : unmanaged
    {
        var turns = Vector128.Create((byte)1, 1, 1, 1, 3, 3, 3, 3, 9, 9, 9, 9, 27, 27, 27, 27);
        for (; count > 0; count--, block = ref Unsafe.Add(ref block, 54), to = ref Unsafe.Add(ref to, 256))
        {
            var scale = BlockReader.Half(ref block, 52);
            var power = (byte)1;
            for (var n = 0; n < 5; n++, power *= 3)
            {
                var times = Vector128.Create(power);
                SixteenValues.Write(Digit(BlockReader.Sixteen(ref block, 0) * times), scale, ref Unsafe.Add(ref to, 32 * n));
                SixteenValues.Write(Digit(BlockReader.Sixteen(ref block, 16) * times), scale, ref Unsafe.Add(ref to, (32 * n) + 16));
                SixteenValues.Write(Digit(BlockReader.Sixteen(ref block, 32) * times), scale, ref Unsafe.Add(ref to, 160 + (16 * n)));
            }
            var last = Vector128.Create(Unsafe.ReadUnaligned<uint>(ref Unsafe.Add(ref block, 48))).AsByte();
            SixteenValues.Write(Digit(last * turns), scale, ref Unsafe.Add(ref to, 240));
        }
    }

    public static void TQ2_0<T>(ref byte block, ref T to, int count) where T : unmanaged
    {
        for (; count > 0; count--, block = ref Unsafe.Add(ref block, 66), to = ref Unsafe.Add(ref to, 256))
        {
            var scale = BlockReader.Half(ref block, 64);
            for (var j = 0; j < 16; j++)
            {
                var codes = BlockReader.Bits(BlockReader.Sixteen(ref block, (j / 8 * 32) + (j % 2 * 16)), j % 8 / 2 * 2, 3);
                SixteenValues.Write(codes.AsSByte() - Vector128<sbyte>.One, scale, ref Unsafe.Add(ref to, 16 * j));
            }
        }
    }

    /// <summary>The highest digit to the base three of fractions of 256, less one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<sbyte> Digit(Vector128<byte> fractions)
    {
        var (one, two) = (Vector128.GreaterThan(fractions, Vector128.Create((byte)85)), Vector128.GreaterThan(fractions, Vector128.Create((byte)170)));
        return Vector128.Create((sbyte)-1) - one.AsSByte() - two.AsSByte();
    }
}
