using System.Runtime.InteropServices;

namespace Lanyard.Copies;

/// <summary>
/// Asks Linux for huge pages under fresh memory: a first write to 4 KiB pages costs several times what the copy itself costs. Elsewhere,
/// and where the system was told to give none, nothing happens.
/// </summary>
internal static partial class HugePages
{
    /// <summary>The size of a huge page on the processors that .NET runs on, with base pages of 4 KiB.</summary>
    public const long Bytes = 2 << 20;

    private const int MadviseHugePage = 14;

    /// <summary>Whether the system may give them.</summary>
    // Base pages of another size have huge pages of another size, too: 512 MiB for 64 KiB.
    public static bool AreGiven { get; } = OperatingSystem.IsLinux() && Environment.SystemPageSize == 4096;

    /// <summary>Advises memory that nothing was written to yet.</summary>
    /// <param name="address">Its first byte, at the beginning of a huge page.</param>
    /// <param name="bytes">Its size.</param>
    public static void Advise(nint address, long bytes)
    {
        // Refused where the kernel has no huge pages: then the memory is as it was. Whole base pages alone can be advised.
        if (AreGiven) _ = Madvise(address, (nuint)(bytes / Environment.SystemPageSize * Environment.SystemPageSize), MadviseHugePage);
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Madvise(nint address, nuint length, int advice);
}
