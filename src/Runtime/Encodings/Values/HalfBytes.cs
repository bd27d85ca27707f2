using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Lanyard.Encodings.Values;

/// <summary>Codes of four bits that follow each other in bytes: each becomes a byte.</summary>
internal readonly unsafe struct HalfBytes
{
    /// <summary>The most codes of an order that is followed here.</summary>
    public const int MostOrder = 16;

    private readonly Vector128<byte> _places;
    private readonly bool _isOrdered;

    /// <summary>Takes an order.</summary>
    /// <param name="order">Where code i of each run lies in it; empty where they lie in order, and a divisor of <see cref="MostOrder"/> many.</param>
    public HalfBytes(ReadOnlySpan<int> order)
    {
        Span<byte> places = stackalloc byte[MostOrder];
        for (var i = 0; i < places.Length; i++) places[i] = (byte)(order.IsEmpty ? i : i - (i % order.Length) + order[i % order.Length]);
        (_places, _isOrdered) = (Vector128.Create<byte>(places), !order.IsEmpty);
    }

    /// <summary>Reads codes, 32 at a time, as far as that goes.</summary>
    /// <param name="from">The byte with the first two, where a run of the order begins.</param>
    /// <param name="count">How many codes there are.</param>
    /// <param name="to">Filled.</param>
    /// <returns>How many were read.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public int Read(byte* from, int count, byte* to)
    {
        var done = 0;
        if (!Vector128.IsHardwareAccelerated) return done;
        var places = _places;
        if (_isOrdered)
        {
            for (; done <= count - 32; done += 32)
            {
                var (low, high) = Vector128.Widen(Vector128.Load(from + (done / 2)));
                Vector128.ShuffleNative(Apart(low), places).Store(to + done);
                Vector128.ShuffleNative(Apart(high), places).Store(to + done + 16);
            }
            return done;
        }
        for (; done <= count - 32; done += 32)
        {
            var (low, high) = Vector128.Widen(Vector128.Load(from + (done / 2)));
            Apart(low).Store(to + done);
            Apart(high).Store(to + done + 16);
        }
        return done;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> Apart(Vector128<ushort> pairs) => ((pairs | (pairs << 4)) & Vector128.Create((ushort)0x0F0F)).AsByte();
}
