using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Lanyard.Encodings.Gguf;

/// <summary>Blocks whose codes are looked up in a table of sixteen.</summary>
internal static class TableBlocks
{
    public static void IQ4_NL<T>(ref byte block, ref T to, int count) where T : unmanaged
    {
        var table = Vector128.Create(CodeTables.NonLinear);
        for (; count > 0; count--, block = ref Unsafe.Add(ref block, 18), to = ref Unsafe.Add(ref to, 32)) Write(table, ref block, 2, BlockReader.Half(ref block, 0), ref to);
    }

    public static void MXFP4<T>(ref byte block, ref T to, int count) where T : unmanaged
    {
        var table = Vector128.Create(CodeTables.Fp4Doubled);
        for (; count > 0; count--, block = ref Unsafe.Add(ref block, 17), to = ref Unsafe.Add(ref to, 32)) Write(table, ref block, 1, CodeTables.HalfPower(block), ref to);
    }

    public static void NVFP4<T>(ref byte block, ref T to, int count) where T : unmanaged
    {
        var table = Vector128.Create(CodeTables.Fp4Doubled);
        for (; count > 0; count--, block = ref Unsafe.Add(ref block, 36), to = ref Unsafe.Add(ref to, 64))
        {
            for (var j = 0; j < 4; j++)
            {
                var bytes = Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref block, 4 + (8 * j)));
                var codes = Vector128.Create(bytes, bytes >> 4).AsByte() & Vector128.Create((byte)15);
                SixteenValues.Write(Vector128.ShuffleNative(table, codes.AsSByte()), CodeTables.HalfE4M3(Unsafe.Add(ref block, j)), ref Unsafe.Add(ref to, 16 * j));
            }
        }
    }

    public static void IQ4_XS<T>(ref byte block, ref T to, int count) where T : unmanaged
    {
        var table = Vector128.Create(CodeTables.NonLinear);
        for (; count > 0; count--, block = ref Unsafe.Add(ref block, 136), to = ref Unsafe.Add(ref to, 256))
        {
            var scale = BlockReader.Half(ref block, 0);
            var head = MemoryMarshal.CreateReadOnlySpan(ref block, 8);
            for (var j = 0; j < 8; j++) Write(table, ref block, 8 + (16 * j), scale * (XsScale(head, j) - 32), ref Unsafe.Add(ref to, 32 * j));
        }
    }

    /// <summary>The scale of 32 elements of IQ4_XS, before 32 is taken away.</summary>
    /// <param name="block">The block.</param>
    /// <param name="j">Which 32 elements.</param>
    public static int XsScale(ReadOnlySpan<byte> block, int j) => ((block[4 + (j / 2)] >> (j % 2 * 4)) & 15) | (((block[2 + (j / 4)] >> (j % 4 * 2)) & 3) << 4);

    /// <summary>Writes 32 elements: of sixteen bytes the low halves, then the high ones.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Write<T>(Vector128<sbyte> table, ref byte block, int at, float scale, ref T to) where T : unmanaged
    {
        var (low, high) = SmallBlocks.Halves(ref block, at);
        SixteenValues.Write(Vector128.ShuffleNative(table, low.AsSByte()), scale, ref to);
        SixteenValues.Write(Vector128.ShuffleNative(table, high.AsSByte()), scale, ref Unsafe.Add(ref to, 16));
    }
}
