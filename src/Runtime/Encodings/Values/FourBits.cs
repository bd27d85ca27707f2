using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Lanyard.Encodings.Values;

/// <summary>Looks up numbers of 32 bits in a table of sixteen.</summary>
internal static unsafe class FourBits
{
    /// <summary>The numbers of a table.</summary>
    public const int Numbers = 16;

    /// <summary>Looks up numbers.</summary>
    /// <param name="places">Their places.</param>
    /// <param name="count">How many.</param>
    /// <param name="table">The table.</param>
    /// <param name="to">Filled.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Look(byte* places, int count, int* table, int* to)
    {
        var i = 0;
        if (Avx512F.IsSupported)
        {
            var all = Vector512.Load(table);
            for (; i <= count - 16; i += 16) Avx512F.PermuteVar16x32(all, Avx512F.ConvertToVector512Int32(Vector128.Load(places + i))).Store(to + i);
        }
        else if (Avx2.IsSupported)
        {
            var (low, high) = (Vector256.Load(table), Vector256.Load(table + 8));
            for (; i <= count - 8; i += 8) Eight(low, high, Avx2.ConvertToVector256Int32(places + i)).Store(to + i);
        }
        for (; i < count; i++) to[i] = table[places[i]];
    }

    /// <inheritdoc cref="Look(byte*, int, int*, int*)"/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Look(int* places, int count, int* table, int* to)
    {
        var i = 0;
        if (Avx512F.IsSupported)
        {
            var all = Vector512.Load(table);
            for (; i <= count - 16; i += 16) Avx512F.PermuteVar16x32(all, Vector512.Load(places + i)).Store(to + i);
        }
        else if (Avx2.IsSupported)
        {
            var (low, high) = (Vector256.Load(table), Vector256.Load(table + 8));
            for (; i <= count - 8; i += 8) Eight(low, high, Vector256.Load(places + i)).Store(to + i);
        }
        for (; i < count; i++) to[i] = table[places[i]];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Eight(Vector256<int> low, Vector256<int> high, Vector256<int> places) =>
        Vector256.ConditionalSelect(Vector256.LessThan(places, Vector256.Create(8)), Avx2.PermuteVar8x32(low, places), Avx2.PermuteVar8x32(high, places));
}
