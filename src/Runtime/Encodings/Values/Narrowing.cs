using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Lanyard.Encodings.Gguf;

namespace Lanyard.Encodings.Values;

/// <summary>Writes numbers as they are, or float32 as bfloat16, rounded to nearest, ties to even.</summary>
internal static unsafe class Narrowing
{
    /// <summary>Writes a number.</summary>
    /// <typeparam name="T">The type of the number.</typeparam>
    /// <typeparam name="TOut">The same, or ushort for bfloat16.</typeparam>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store<T, TOut>(T number, TOut* to) where T : unmanaged where TOut : unmanaged
    {
        if (typeof(T) == typeof(TOut)) *(T*)to = number;
        else *(ushort*)to = SixteenValues.Rounded(Unsafe.BitCast<T, float>(number));
    }

    /// <summary>Writes sixteen numbers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store<T, TOut>(Vector512<T> numbers, TOut* to) where T : unmanaged where TOut : unmanaged
    {
        if (typeof(T) == typeof(TOut))
        {
            numbers.Store((T*)to);
            return;
        }
        SixteenValues.Store(numbers.AsSingle(), ref *(ushort*)to);
    }

    /// <summary>Writes sixteen numbers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store<T, TOut>(Vector256<T> low, Vector256<T> high, TOut* to) where T : unmanaged where TOut : unmanaged
    {
        if (typeof(T) == typeof(TOut))
        {
            low.Store((T*)to);
            high.Store((T*)to + Vector256<T>.Count);
            return;
        }
        SixteenValues.Store(low.AsSingle(), high.AsSingle(), ref *(ushort*)to);
    }

    /// <summary>Writes numbers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Copy<TOut>(float* numbers, int count, TOut* to) where TOut : unmanaged
    {
        var i = 0;
        if (Avx512F.IsSupported)
        {
            for (; i <= count - 16; i += 16) Store(Vector512.Load(numbers + i), to + i);
        }
        else if (Vector256.IsHardwareAccelerated)
        {
            for (; i <= count - 16; i += 16) Store(Vector256.Load(numbers + i), Vector256.Load(numbers + i + 8), to + i);
        }
        for (; i < count; i++) Store(numbers[i], to + i);
    }
}
