using System.Diagnostics;

namespace Lanyard.Benchmarks;

/// <summary>This program, started again: nothing is compiled, cached or loaded there yet.</summary>
internal static class FreshProcess
{
    /// <summary>What it prints.</summary>
    public static string Run(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("dotnet", [typeof(FreshProcess).Assembly.Location, .. arguments]) { RedirectStandardOutput = true })!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? output : throw new InvalidOperationException($"{string.Join(' ', arguments)} ended with {process.ExitCode}.");
    }
}
