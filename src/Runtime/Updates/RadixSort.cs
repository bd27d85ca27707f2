using System.Buffers;
using System.Runtime.CompilerServices;

namespace Lanyard.Updates;

/// <summary>Sorts keys by their digits, the last first.</summary>
internal static class RadixSort
{
    /// <summary>What is counted for each digit stays in a processor's first cache.</summary>
    private const int MostBits = 11;

    /// <summary>Fewer are compared with each other.</summary>
    private const int FewestKeys = 256;

    /// <summary>Sorts in place.</summary>
    /// <param name="keys">The keys.</param>
    /// <param name="first">The lowest bit that counts.</param>
    /// <param name="bits">How many bits count; those above them are zero.</param>
    public static void Run(Span<ulong> keys, int first, int bits)
    {
        if (keys.Length < FewestKeys)
        {
            keys.Sort();
            return;
        }
        var passes = Math.Max(1, (bits + MostBits - 1) / MostBits);
        var digit = Math.Max(1, (bits + passes - 1) / passes);
        var rented = ArrayPool<ulong>.Shared.Rent(keys.Length);
        var others = rented.AsSpan(0, keys.Length);
        Span<int> places = stackalloc int[1 << MostBits];
        for (var pass = 0; pass < passes; pass++)
        {
            if (pass % 2 == 0) Pass(keys, others, places[..(1 << digit)], first + (pass * digit));
            else Pass(others, keys, places[..(1 << digit)], first + (pass * digit));
        }
        if (passes % 2 == 1) others.CopyTo(keys);
        ArrayPool<ulong>.Shared.Return(rented);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Pass(ReadOnlySpan<ulong> keys, Span<ulong> to, Span<int> places, int shift)
    {
        var mask = (ulong)places.Length - 1;
        places.Clear();
        foreach (var key in keys) places[(int)((key >> shift) & mask)]++;
        var next = 0;
        foreach (ref var place in places) (place, next) = (next, next + place);
        foreach (var key in keys) to[places[(int)((key >> shift) & mask)]++] = key;
    }
}
