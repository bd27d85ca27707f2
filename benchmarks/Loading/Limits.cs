using System.Runtime.InteropServices;

namespace Lanyard.Loading.Benchmarks;

/// <summary>What the machine can do: plain memory copies by as many threads as there are processors, in pieces of 1 MiB.</summary>
internal static unsafe partial class Limits
{
    private const long Piece = 1 << 20;

    /// <summary>Copies between two blocks that were both used before.</summary>
    public static Contender Hot(string name, long bytes)
    {
        var (from, to) = (Filled(bytes), Filled(bytes));
        return new Contender(name, () => new Turn(() => Copy(from, to, bytes), () => { }), () =>
        {
            NativeMemory.AlignedFree((void*)from);
            NativeMemory.AlignedFree((void*)to);
        });
    }

    /// <summary>Copies to a block that nothing was written to yet, on huge pages where the system gives them.</summary>
    public static Contender FreshHuge(string name, long bytes) => Fresh(name, bytes, huge: true);

    /// <summary>Copies to a block that nothing was written to yet, on pages of the usual size.</summary>
    public static Contender FreshSmall(string name, long bytes) => Fresh(name, bytes, huge: false);

    /// <summary>Brings the kernel's free memory to one state before a turn: as many bytes of huge pages were just given back.</summary>
    public static void Settle(long bytes)
    {
        var block = Advised(bytes);
        for (var at = 0L; at < bytes; at += 4096) ((byte*)block)[at] = 1;
        NativeMemory.AlignedFree((void*)block);
    }

    private static Contender Fresh(string name, long bytes, bool huge)
    {
        var from = Filled(bytes);
        return new Contender(name, () =>
        {
            Settle(bytes);
            var to = huge ? Advised(bytes) : (nint)NativeMemory.AlignedAlloc((nuint)bytes, 64);
            return new Turn(() => Copy(from, to, bytes), () => NativeMemory.AlignedFree((void*)to));
        }, () => NativeMemory.AlignedFree((void*)from));
    }

    private static nint Advised(long bytes)
    {
        var block = (nint)NativeMemory.AlignedAlloc((nuint)bytes, 2 << 20);
        if (OperatingSystem.IsLinux()) _ = Madvise(block, (nuint)bytes, 14);
        return block;
    }

    private static nint Filled(long bytes)
    {
        var block = (byte*)NativeMemory.AlignedAlloc((nuint)bytes, 64);
        for (var at = 0L; at < bytes; at += Piece) new Span<byte>(block + at, (int)Math.Min(Piece, bytes - at)).Fill(1);
        return (nint)block;
    }

    private static void Copy(nint from, nint to, long bytes)
    {
        var next = -1L;
        Parallel.For(0, Environment.ProcessorCount, _ =>
        {
            for (long at; (at = Interlocked.Increment(ref next) * Piece) < bytes;) Buffer.MemoryCopy((byte*)from + at, (byte*)to + at, Math.Min(Piece, bytes - at), Math.Min(Piece, bytes - at));
        });
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Madvise(nint address, nuint length, int advice);
}
