using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Lanyard.Encodings.Values;

/// <summary>Reads the same bits of words side by side, sixteen at a time, as far as that goes.</summary>
internal static unsafe class SideBySide
{
    /// <summary>Reads bits of words of 32.</summary>
    /// <param name="words">The first word.</param>
    /// <param name="next">How far the word lies from each in which its bits go on; zero where they do not.</param>
    /// <param name="shift">The lowest of the bits.</param>
    /// <param name="bits">How many.</param>
    /// <param name="count">The number of words.</param>
    /// <param name="to">Filled: a byte for each word.</param>
    /// <returns>How many were read.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int Read(uint* words, long next, int shift, int bits, int count, byte* to)
    {
        var (done, mask) = (0, (1u << bits) - 1);
        if (Avx512F.IsSupported)
        {
            for (; done <= count - 16; done += 16)
            {
                var codes = Vector512.Load(words + done) >> shift;
                if (next != 0) codes |= Vector512.Load(words + done + next) << (32 - shift);
                Avx512F.ConvertToVector128Byte(codes & Vector512.Create(mask)).Store(to + done);
            }
        }
        else if (Vector128.IsHardwareAccelerated)
        {
            for (; done <= count - 16; done += 16)
            {
                var low = Vector128.Narrow(Four(words + done, next, shift, mask), Four(words + done + 4, next, shift, mask));
                var high = Vector128.Narrow(Four(words + done + 8, next, shift, mask), Four(words + done + 12, next, shift, mask));
                Vector128.Narrow(low, high).Store(to + done);
            }
        }
        return done;
    }

    /// <summary>Reads bits of bytes.</summary>
    /// <inheritdoc cref="Read(uint*, long, int, int, int, byte*)"/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int Read(byte* words, int shift, int bits, int count, byte* to)
    {
        var (done, mask) = (0, (byte)((1 << bits) - 1));
        if (!Vector128.IsHardwareAccelerated) return done;
        for (; done <= count - 16; done += 16) ((Vector128.Load(words + done).AsUInt16() >> shift).AsByte() & Vector128.Create(mask)).Store(to + done);
        return done;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<uint> Four(uint* words, long next, int shift, uint mask)
    {
        var codes = Vector128.Load(words) >> shift;
        if (next != 0) codes |= Vector128.Load(words + next) << (32 - shift);
        return codes & Vector128.Create(mask);
    }
}
