using System.Runtime.CompilerServices;

namespace Lanyard.Generator.Tests;

/// <summary>
/// Compares text with a committed file. A missing or different file fails; it is written only where LANYARD_ACCEPT_SNAPSHOTS is 1, and
/// never where CI is set.
/// </summary>
internal sealed class Snapshot(string directory, Func<string, string?> environment, string extension = ".g.cs")
{
    public static Snapshot Committed { get; } = new(Harness.Folder("SnapshotsDirectory"), Environment.GetEnvironmentVariable);

    public void Matches(string actual, [CallerMemberName] string name = "")
    {
        var path = Path.Combine(directory, name + extension);
        var expected = File.Exists(path) ? File.ReadAllText(path).ReplaceLineEndings("\n") : null;
        if (expected == actual) return;
        if (environment("LANYARD_ACCEPT_SNAPSHOTS") == "1" && string.IsNullOrEmpty(environment("CI")))
        {
            Directory.CreateDirectory(directory);
            File.WriteAllText(path, actual);
            return;
        }
        Assert.Fail(expected is null
            ? $"There is no snapshot {Path.GetFileName(path)}. Run with LANYARD_ACCEPT_SNAPSHOTS=1 to accept:\n{actual}"
            : $"The snapshot {Path.GetFileName(path)} differs. Run with LANYARD_ACCEPT_SNAPSHOTS=1 to accept.\n{FirstDifference(expected, actual)}");
    }

    private static string FirstDifference(string expected, string actual)
    {
        var (before, after) = (expected.Split('\n'), actual.Split('\n'));
        var line = before.Zip(after).TakeWhile(pair => pair.First == pair.Second).Count();
        return $"From line {line + 1}:\n{Lines("-", before, line)}{Lines("+", after, line)}";
    }

    private static string Lines(string mark, string[] lines, int first) =>
        string.Concat(lines.Skip(first).Take(10).Select(line => $"{mark} {line}\n"));
}
