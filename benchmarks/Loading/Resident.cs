using System.Globalization;

namespace Lanyard.Loading.Benchmarks;

/// <summary>The memory of this process as Linux counts it, in megabytes: its own, and the pages of one file that it has mapped.</summary>
internal readonly record struct Resident(double Own, double Mapped)
{
    public static Resident Now(string file)
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        return new Resident(Sum(File.ReadLines("/proc/self/status"), "RssAnon:"), Sum(Mappings(file), "Rss:"));
    }

    // A mapping begins with its address and ends with its file; all else that is said of it begins with a capital.
    private static IEnumerable<string> Mappings(string file)
    {
        var isOfFile = false;
        foreach (var line in File.ReadLines("/proc/self/smaps"))
        {
            if (char.IsAsciiHexDigitLower(line[0]) || char.IsAsciiDigit(line[0])) isOfFile = line.EndsWith(file, StringComparison.Ordinal);
            if (isOfFile) yield return line;
        }
    }

    private static double Sum(IEnumerable<string> lines, string name) =>
        lines.Where(line => line.StartsWith(name, StringComparison.Ordinal)).Sum(line => double.Parse(line[name.Length..].Replace("kB", "", StringComparison.Ordinal), CultureInfo.InvariantCulture) * 1024 / 1e6);
}
