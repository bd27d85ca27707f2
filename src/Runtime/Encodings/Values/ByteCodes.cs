using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Lanyard.Encodings.Values;

/// <summary>Turns codes, a byte each, into numbers, many at a time.</summary>
internal static unsafe class ByteCodes
{
    /// <summary>Codes as the floats that a table has for them.</summary>
    /// <param name="codes">The codes.</param>
    /// <param name="count">How many.</param>
    /// <param name="table">A number for each byte.</param>
    /// <param name="to">Filled.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Look(byte* codes, int count, float[] table, float* to)
    {
        ref var numbers = ref table[0];
        for (var i = 0; i < count; i++) to[i] = Unsafe.Add(ref numbers, (nint)codes[i]);
    }

    /// <summary>Codes of F8_E4M3 as what they stand for.</summary>
    /// <inheritdoc cref="Look(byte*, int, float[], float*)"/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void E4M3(byte* codes, int count, float[] table, float* to)
    {
        var i = 0;
        if (Avx512F.IsSupported)
        {
            for (; i <= count - 16; i += 16) E4M3(Avx512F.ConvertToVector512Int32(Vector128.Load(codes + i)).AsUInt32()).Store(to + i);
        }
        else if (Vector128.IsHardwareAccelerated)
        {
            for (; i <= count - 16; i += 16)
            {
                var (low, high) = Vector128.Widen(Vector128.Load(codes + i));
                E4M3(low, to + i);
                E4M3(high, to + i + 8);
            }
        }
        Look(codes + i, count - i, table, to + i);
    }

    /// <summary>Codes as whole numbers.</summary>
    /// <param name="codes">The codes.</param>
    /// <param name="count">How many.</param>
    /// <param name="signedBits">The bits of a code in two's complement, or zero where codes have no sign.</param>
    /// <param name="to">Filled.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Whole(byte* codes, int count, int signedBits, int* to)
    {
        var (i, shift) = (0, signedBits == 0 ? 0 : 32 - signedBits);
        if (Avx512F.IsSupported)
        {
            for (; shift == 0 && i <= count - 16; i += 16) Avx512F.ConvertToVector512Int32(Vector128.Load(codes + i)).Store(to + i);
            for (; i <= count - 16; i += 16) (Avx512F.ConvertToVector512Int32(Vector128.Load(codes + i)) << shift >> shift).Store(to + i);
        }
        else if (Vector128.IsHardwareAccelerated)
        {
            for (; i <= count - 16; i += 16)
            {
                var (low, high) = Vector128.Widen(Vector128.Load(codes + i));
                Whole(low, shift, to + i);
                Whole(high, shift, to + i + 8);
            }
        }
        for (; i < count; i++) to[i] = codes[i] << shift >> shift;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Whole(Vector128<ushort> codes, int shift, int* to)
    {
        var (low, high) = Vector128.Widen(codes);
        (low.AsInt32() << shift >> shift).Store(to);
        (high.AsInt32() << shift >> shift).Store(to + 4);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void E4M3(Vector128<ushort> codes, float* to)
    {
        var (low, high) = Vector128.Widen(codes);
        E4M3(low).Store(to);
        E4M3(high).Store(to + 4);
    }

    // The exponent moves from a bias of 7 to one of 127. Of the smallest one, codes are whole numbers of the least step.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> E4M3(Vector512<uint> codes)
    {
        var magnitude = codes & Vector512.Create(0x7fu);
        var normal = (magnitude << 20) + Vector512.Create(120u << 23);
        var small = (Vector512.ConvertToSingle(magnitude.AsInt32()) * (1f / 512)).AsUInt32();
        var number = Vector512.ConditionalSelect(Vector512.LessThan(magnitude, Vector512.Create(8u)), small, normal);
        number = Vector512.ConditionalSelect(Vector512.Equals(magnitude, Vector512.Create(0x7fu)), Vector512.Create(0x7fc00000u), number);
        return (number | ((codes << 24) & Vector512.Create(0x80000000u))).AsSingle();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> E4M3(Vector128<uint> codes)
    {
        var magnitude = codes & Vector128.Create(0x7fu);
        var normal = (magnitude << 20) + Vector128.Create(120u << 23);
        var small = (Vector128.ConvertToSingle(magnitude.AsInt32()) * (1f / 512)).AsUInt32();
        var number = Vector128.ConditionalSelect(Vector128.LessThan(magnitude, Vector128.Create(8u)), small, normal);
        number = Vector128.ConditionalSelect(Vector128.Equals(magnitude, Vector128.Create(0x7fu)), Vector128.Create(0x7fc00000u), number);
        return (number | ((codes << 24) & Vector128.Create(0x80000000u))).AsSingle();
    }
}
