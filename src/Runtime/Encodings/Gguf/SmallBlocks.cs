using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Lanyard.Encodings.Gguf;

/// <summary>Blocks of 32 elements whose codes are numbers.</summary>
internal static class SmallBlocks
{
    public static void Q8_0<T>(ref byte block, ref T to, int count) where T : unmanaged
    {
        for (; count > 0; count--, block = ref Unsafe.Add(ref block, 34), to = ref Unsafe.Add(ref to, 32))
        {
            var scale = BlockReader.Half(ref block, 0);
            SixteenValues.Write(BlockReader.Sixteen(ref block, 2).AsSByte(), scale, ref to);
            SixteenValues.Write(BlockReader.Sixteen(ref block, 18).AsSByte(), scale, ref Unsafe.Add(ref to, 16));
        }
    }

    public static void Q4_0<T>(ref byte block, ref T to, int count) where T : unmanaged
    {
        var zero = Vector128.Create((sbyte)8);
        for (; count > 0; count--, block = ref Unsafe.Add(ref block, 18), to = ref Unsafe.Add(ref to, 32))
        {
            var scale = BlockReader.Half(ref block, 0);
            var (low, high) = Halves(ref block, 2);
            SixteenValues.Write(low.AsSByte() - zero, scale, ref to);
            SixteenValues.Write(high.AsSByte() - zero, scale, ref Unsafe.Add(ref to, 16));
        }
    }

    public static void Q4_1<T>(ref byte block, ref T to, int count) where T : unmanaged
    {
        for (; count > 0; count--, block = ref Unsafe.Add(ref block, 20), to = ref Unsafe.Add(ref to, 32))
        {
            var (scale, minimum) = (BlockReader.Half(ref block, 0), BlockReader.Half(ref block, 2));
            var (low, high) = Halves(ref block, 4);
            SixteenValues.Write(low.AsSByte(), scale, minimum, ref to);
            SixteenValues.Write(high.AsSByte(), scale, minimum, ref Unsafe.Add(ref to, 16));
        }
    }

    public static void Q5_0<T>(ref byte block, ref T to, int count) where T : unmanaged
    {
        var zero = Vector128.Create((sbyte)16);
        for (; count > 0; count--, block = ref Unsafe.Add(ref block, 22), to = ref Unsafe.Add(ref to, 32))
        {
            var scale = BlockReader.Half(ref block, 0);
            var (low, high) = Halves(ref block, 6);
            SixteenValues.Write((low | BlockReader.Spread(ref block, 2)).AsSByte() - zero, scale, ref to);
            SixteenValues.Write((high | BlockReader.Spread(ref block, 4)).AsSByte() - zero, scale, ref Unsafe.Add(ref to, 16));
        }
    }

    public static void Q5_1<T>(ref byte block, ref T to, int count) where T : unmanaged
    {
        for (; count > 0; count--, block = ref Unsafe.Add(ref block, 24), to = ref Unsafe.Add(ref to, 32))
        {
            var (scale, minimum) = (BlockReader.Half(ref block, 0), BlockReader.Half(ref block, 2));
            var (low, high) = Halves(ref block, 8);
            SixteenValues.Write((low | BlockReader.Spread(ref block, 4)).AsSByte(), scale, minimum, ref to);
            SixteenValues.Write((high | BlockReader.Spread(ref block, 6)).AsSByte(), scale, minimum, ref Unsafe.Add(ref to, 16));
        }
    }

    /// <summary>The halves of sixteen bytes, low ones first.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Vector128<byte> Low, Vector128<byte> High) Halves(ref byte block, int at)
    {
        var bytes = BlockReader.Sixteen(ref block, at);
        return (bytes & Vector128.Create((byte)15), BlockReader.Bits(bytes, 4, 15));
    }
}
