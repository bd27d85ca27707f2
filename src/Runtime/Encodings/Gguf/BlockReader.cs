using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Lanyard.Encodings.Gguf;

/// <summary>Reads parts of a block of GGUF.</summary>
internal static class BlockReader
{
    /// <summary>A float16, little endian.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Half(ref byte block, int at) => (float)BitConverter.UInt16BitsToHalf(Unsafe.ReadUnaligned<ushort>(ref Unsafe.Add(ref block, at)));

    /// <summary>Sixteen bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Sixteen(ref byte block, int at) => Vector128.LoadUnsafe(ref block, (nuint)at);

    /// <summary>Bits of each byte.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <param name="shift">The lowest bit.</param>
    /// <param name="mask">The bits to keep, once they are the lowest.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Bits(Vector128<byte> bytes, int shift, byte mask) => (bytes.AsUInt16() >>> shift).AsByte() & Vector128.Create(mask);

    /// <summary>Sixteen bits as bytes of 16 or 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Spread(ref byte block, int at)
    {
        var each = Vector128.Create(1, 2, 4, 8, 16, 32, 64, 128, 1, 2, 4, 8, 16, 32, 64, 128);
        var both = Vector128.Create(Unsafe.ReadUnaligned<ushort>(ref Unsafe.Add(ref block, at))).AsByte();
        var bytes = Vector128.Shuffle(both, Vector128.Create((byte)0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1));
        return Vector128.Equals(bytes & each, each) & Vector128.Create((byte)16);
    }
}
