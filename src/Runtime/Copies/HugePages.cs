using System.Runtime.InteropServices;

namespace Lanyard;

/// <summary>
/// Asks Linux for huge pages under fresh memory: a first write to 4 KiB pages costs several times what the copy itself costs. Elsewhere,
/// and where the system was told to give none, it does nothing.
/// </summary>
internal static partial class HugePages
{
    /// <summary>Below this, hardly a page of 2 MiB is wholly inside.</summary>
    private const long SmallestBytes = 4 << 20;

    private const int MadviseHugePage = 14;

    /// <summary>Advises memory that nothing was written to yet.</summary>
    /// <param name="address">Its first byte.</param>
    /// <param name="bytes">Its size.</param>
    public static void Advise(nint address, long bytes)
    {
        if (!OperatingSystem.IsLinux() || bytes < SmallestBytes) return;
        var page = (nint)Environment.SystemPageSize;
        var (first, last) = ((address + page - 1) / page * page, (address + (nint)bytes) / page * page);

        // Refused where the kernel has no huge pages: then the memory is as it was.
        _ = Madvise(first, (nuint)(last - first), MadviseHugePage);
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Madvise(nint address, nuint length, int advice);
}
