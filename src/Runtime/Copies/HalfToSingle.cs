using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Lanyard.Copies;

/// <summary>float16 to float32, which has each of its values. What is no number keeps its bits: torch keeps them of most elements and not of the last ones.</summary>
internal readonly unsafe struct HalfToSingle : IElementCopy
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
            Widened(lower).Store(target + i);
            Widened(upper).Store(target + i + Vector256<uint>.Count);
        }
        for (; i < count; i++) target[i] = Widened(source[i]);
    }

    public static void Spread(byte* from, long fromStride, byte* to, long toStride, long count)
    {
        for (; count > 0; count--, from += fromStride, to += toStride) *(uint*)to = Widened(*(ushort*)from);
    }

    private static uint Widened(ushort half) => Widened(Vector256.CreateScalar((uint)half)).ToScalar();

    /// <summary>Moves the mantissa, and the exponent from a bias of 15 to one of 127; the largest exponent stays the largest, and the smallest is that of a product.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<uint> Widened(Vector256<uint> halves)
    {
        var (magnitude, bias) = (halves & Vector256.Create(0x7fffu), Vector256.Create(112u << 23));
        var normal = (magnitude << 13) + bias + (Vector256.GreaterThanOrEqual(magnitude, Vector256.Create(0x7c00u)) & bias);
        var small = (Vector256.ConvertToSingle(magnitude.AsInt32()) * (1f / (1 << 24))).AsUInt32();
        return Vector256.ConditionalSelect(Vector256.LessThan(magnitude, Vector256.Create(0x400u)), small, normal) | ((halves & Vector256.Create(0x8000u)) << 16);
    }
}
