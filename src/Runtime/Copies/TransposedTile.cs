using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Lanyard.Copies;

/// <summary>A whole tile of a transpose of two-byte elements, eight by eight of them in registers.</summary>
internal static unsafe class TransposedTile
{
    private const int Edge = StridedCopy.Tile, Block = 8, Line = Edge * 2;

    /// <summary>Whether the processor has what it takes.</summary>
    public static bool IsSupported => Sse2.IsSupported || AdvSimd.Arm64.IsSupported;

    /// <summary>Writes the columns of a tile as rows.</summary>
    /// <param name="from">The first element that is read.</param>
    /// <param name="fromStride">The bytes from one row that is read to the next.</param>
    /// <param name="to">The first element that is written.</param>
    /// <param name="toStride">The bytes from one row that is written to the next.</param>
    public static void Write(byte* from, long fromStride, byte* to, long toStride)
    {
        // Through a buffer, so that whole cache lines are written: rows that are a power of two apart would push each other out of the cache half-written.
        var tile = stackalloc byte[Edge * Line];
        for (var row = 0; row < Edge; row += Block, from += Block * fromStride)
        {
            // The rows of the next tile are on their way while this one is turned. Beyond the end of memory it does nothing.
            if (Sse.IsSupported)
            {
                for (var ahead = Edge; ahead < Edge + Block; ahead++) Sse.Prefetch0(from + (ahead * fromStride));
            }
            for (var column = 0; column < Edge; column += Block) Turn(from + (column * 2), fromStride, tile + (column * Line) + (row * 2));
        }
        for (var column = 0; column < Edge; column++, tile += Line, to += toStride)
        {
            for (var i = 0; i < Line; i += Vector128<byte>.Count) Vector128.Load(tile + i).Store(to + i);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Turn(byte* from, long stride, byte* to)
    {
        Vector128<ushort> a = Row(from), b = Row(from += stride), c = Row(from += stride), d = Row(from += stride);
        Vector128<ushort> e = Row(from += stride), f = Row(from += stride), g = Row(from += stride), h = Row(from + stride);

        // Pairs, fours and eights of a column come together.
        Vector128<uint> ab = Low(a, b).AsUInt32(), cd = Low(c, d).AsUInt32(), ef = Low(e, f).AsUInt32(), gh = Low(g, h).AsUInt32();
        Columns(Low(ab, cd), Low(ef, gh), to);
        Columns(High(ab, cd), High(ef, gh), to + (2 * Line));
        Vector128<uint> ab4 = High(a, b).AsUInt32(), cd4 = High(c, d).AsUInt32(), ef4 = High(e, f).AsUInt32(), gh4 = High(g, h).AsUInt32();
        Columns(Low(ab4, cd4), Low(ef4, gh4), to + (4 * Line));
        Columns(High(ab4, cd4), High(ef4, gh4), to + (6 * Line));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Columns(Vector128<uint> upper, Vector128<uint> lower, byte* to)
    {
        Low(upper.AsUInt64(), lower.AsUInt64()).Store((ulong*)to);
        High(upper.AsUInt64(), lower.AsUInt64()).Store((ulong*)(to + Line));
    }

    private static Vector128<ushort> Row(byte* from) => Vector128.Load((ushort*)from);

    private static Vector128<ushort> Low(Vector128<ushort> a, Vector128<ushort> b) => Sse2.IsSupported ? Sse2.UnpackLow(a, b) : AdvSimd.Arm64.ZipLow(a, b);

    private static Vector128<ushort> High(Vector128<ushort> a, Vector128<ushort> b) => Sse2.IsSupported ? Sse2.UnpackHigh(a, b) : AdvSimd.Arm64.ZipHigh(a, b);

    private static Vector128<uint> Low(Vector128<uint> a, Vector128<uint> b) => Sse2.IsSupported ? Sse2.UnpackLow(a, b) : AdvSimd.Arm64.ZipLow(a, b);

    private static Vector128<uint> High(Vector128<uint> a, Vector128<uint> b) => Sse2.IsSupported ? Sse2.UnpackHigh(a, b) : AdvSimd.Arm64.ZipHigh(a, b);

    private static Vector128<ulong> Low(Vector128<ulong> a, Vector128<ulong> b) => Sse2.IsSupported ? Sse2.UnpackLow(a, b) : AdvSimd.Arm64.ZipLow(a, b);

    private static Vector128<ulong> High(Vector128<ulong> a, Vector128<ulong> b) => Sse2.IsSupported ? Sse2.UnpackHigh(a, b) : AdvSimd.Arm64.ZipHigh(a, b);
}
