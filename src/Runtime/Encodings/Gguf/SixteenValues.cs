using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Lanyard.Encodings.Gguf;

/// <summary>The end of every decoder: sixteen codes, which are whole numbers, times a scale, as float32 or bfloat16.</summary>
internal static class SixteenValues
{
    private const ushort NaN = 0x7fc0;

    /// <summary>Writes scale * code.</summary>
    /// <typeparam name="T"><see cref="float"/>, or <see cref="ushort"/> for bfloat16.</typeparam>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Write<T>(Vector128<sbyte> codes, float scale, ref T to) where T : unmanaged
    {
        if (Avx512F.IsSupported)
        {
            Store(Avx512F.ConvertToVector512Single(Avx512F.ConvertToVector512Int32(codes)) * scale, ref to);
            return;
        }
        var (low, high) = Widen(codes);
        Store(low * scale, high * scale, ref to);
    }

    /// <summary>Writes scale * code + offset. The product is exact.</summary>
    /// <typeparam name="T"><see cref="float"/>, or <see cref="ushort"/> for bfloat16.</typeparam>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Write<T>(Vector128<sbyte> codes, float scale, float offset, ref T to) where T : unmanaged
    {
        if (Avx512F.IsSupported)
        {
            Store((Avx512F.ConvertToVector512Single(Avx512F.ConvertToVector512Int32(codes)) * scale) + Vector512.Create(offset), ref to);
            return;
        }
        var (low, high) = Widen(codes);
        var add = Vector256.Create(offset);
        Store((low * scale) + add, (high * scale) + add, ref to);
    }

    /// <summary>The bits of the nearest bfloat16; of two as near, the even one.</summary>
    public static ushort Rounded(float value)
    {
        var bits = BitConverter.SingleToUInt32Bits(value);
        return float.IsNaN(value) ? NaN : (ushort)((bits + 0x7fff + ((bits >> 16) & 1)) >> 16);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector256<float> Low, Vector256<float> High) Widen(Vector128<sbyte> codes)
    {
        if (Avx2.IsSupported)
        {
            var (low, high) = (Avx2.ConvertToVector256Int32(codes), Avx2.ConvertToVector256Int32(Vector128.Create(codes.GetUpper(), default)));
            return (Vector256.ConvertToSingle(low), Vector256.ConvertToSingle(high));
        }
        var (first, second) = Vector128.Widen(codes);
        return (Single(first), Single(second));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Single(Vector128<short> codes)
    {
        var (low, high) = Vector128.Widen(codes);
        return Vector256.Create(Vector128.ConvertToSingle(low), Vector128.ConvertToSingle(high));
    }

    /// <summary>Writes values.</summary>
    /// <typeparam name="T"><see cref="float"/>, or <see cref="ushort"/> for bfloat16.</typeparam>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store<T>(Vector512<float> values, ref T to) where T : unmanaged
    {
        if (typeof(T) == typeof(float))
        {
            values.StoreUnsafe(ref Unsafe.As<T, float>(ref to));
            return;
        }
        var bits = values.AsUInt32();
        var rounded = (bits + Vector512.Create(0x7fffu) + ((bits >> 16) & Vector512<uint>.One)) >> 16;
        rounded = Vector512.ConditionalSelect(Vector512.Equals(values, values).AsUInt32(), rounded, Vector512.Create((uint)NaN));
        Avx512F.ConvertToVector256UInt16(rounded).StoreUnsafe(ref Unsafe.As<T, ushort>(ref to));
    }

    /// <inheritdoc cref="Store{T}(Vector512{float}, ref T)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store<T>(Vector256<float> low, Vector256<float> high, ref T to) where T : unmanaged
    {
        if (typeof(T) == typeof(float))
        {
            low.StoreUnsafe(ref Unsafe.As<T, float>(ref to));
            high.StoreUnsafe(ref Unsafe.As<T, float>(ref to), (nuint)Vector256<float>.Count);
            return;
        }
        Vector256.Narrow(Round(low), Round(high)).StoreUnsafe(ref Unsafe.As<T, ushort>(ref to));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<uint> Round(Vector256<float> values)
    {
        var bits = values.AsUInt32();
        var rounded = (bits + Vector256.Create(0x7fffu) + ((bits >> 16) & Vector256<uint>.One)) >> 16;
        return Vector256.ConditionalSelect(Vector256.Equals(values, values).AsUInt32(), rounded, Vector256.Create((uint)NaN));
    }
}
