using System.Globalization;

namespace Lanyard.Tests.Refit;

/// <summary>The most memory that the process held at once, as Linux counts it.</summary>
internal static class PeakMemory
{
    /// <summary>How many bytes more the process held at its peak than when the action began.</summary>
    public static long Of(Action action)
    {
        File.WriteAllText("/proc/self/clear_refs", "5"); // the peak begins anew
        var before = Read();
        action();
        return Read() - before;
    }

    private static long Read()
    {
        var line = File.ReadLines("/proc/self/status").First(line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
        return 1024 * long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)[^2], CultureInfo.InvariantCulture);
    }
}
