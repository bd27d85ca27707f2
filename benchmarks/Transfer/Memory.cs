using System.Runtime.InteropServices;

namespace Lanyard.Benchmarks;

/// <summary>Bytes that were written once, so that no first touch is measured.</summary>
internal sealed unsafe class Memory : IDisposable
{
    // A copy by the processors is cut so.
    private const long Piece = 4 << 20;

    public Memory(long bytes)
    {
        (Bytes, Address) = (bytes, (nint)NativeMemory.AlignedAlloc((nuint)Math.Max(bytes, 1), 4096));
        for (var at = 0L; at < bytes; at += 1 << 30) new Span<byte>((void*)(Address + (nint)at), (int)Math.Min(1 << 30, bytes - at)).Fill(1);
    }

    public nint Address { get; }

    public long Bytes { get; }

    /// <summary>As many as there are in both, by all processors.</summary>
    public static void Copy(Memory from, Memory to)
    {
        var bytes = Math.Min(from.Bytes, to.Bytes);
        Parallel.For(0, (bytes + Piece - 1) / Piece, piece =>
        {
            var count = Math.Min(Piece, bytes - (piece * Piece));
            Buffer.MemoryCopy((void*)(from.Address + (nint)(piece * Piece)), (void*)(to.Address + (nint)(piece * Piece)), count, count);
        });
    }

    public void Dispose() => NativeMemory.AlignedFree((void*)Address);
}
