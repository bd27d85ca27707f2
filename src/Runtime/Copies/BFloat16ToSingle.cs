using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Lanyard.Copies;

/// <summary>bfloat16 to float32: its bits are the upper half.</summary>
internal readonly unsafe struct BFloat16ToSingle : IElementCopy
{
    public static int FromSize => sizeof(ushort);

    public static int ToSize => sizeof(uint);

    // Compiled with all optimisations at once: a load is over before it would be compiled anew.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Row(byte* from, byte* to, long count)
    {
        var source = (ushort*)from;
        var target = (uint*)to;
        var i = 0L;
        for (; i <= count - Vector256<ushort>.Count; i += Vector256<ushort>.Count)
        {
            var (lower, upper) = Vector256.Widen(Vector256.Load(source + i));
            (lower << 16).Store(target + i);
            (upper << 16).Store(target + i + Vector256<uint>.Count);
        }
        for (; i < count; i++) target[i] = (uint)source[i] << 16;
    }

    public static void Spread(byte* from, long fromStride, byte* to, long toStride, long count)
    {
        for (; count > 0; count--, from += fromStride, to += toStride) *(uint*)to = (uint)*(ushort*)from << 16;
    }
}
