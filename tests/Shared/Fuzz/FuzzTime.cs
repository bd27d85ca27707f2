using System.Diagnostics;
using System.Globalization;
using CsCheck;
using Xunit.Abstractions;

namespace Lanyard.Tests.Fuzz;

/// <summary>
/// Runs a property for a time: <c>LANYARD_FUZZ_SECONDS</c>, or what the test says. A case that fails is shrunk and printed with a seed, and
/// <c>CsCheck_Seed</c> brings it back.
/// </summary>
internal static class FuzzTime
{
    // CsCheck shrinks for as long as it is given, so a run of hours is made of short ones, and stops soon after the first failure.
    private const int SliceSeconds = 10;

    /// <param name="cases">What makes cases.</param>
    /// <param name="seconds">How long, unless the environment says otherwise.</param>
    /// <param name="check">Throws where a case fails; what it returns is counted.</param>
    /// <param name="print">Describes a case.</param>
    /// <param name="output">Where the numbers of cases go.</param>
    /// <returns>How many cases ended in which way.</returns>
    public static SortedDictionary<string, int> Run<T>(Gen<T> cases, int seconds, Func<T, string> check, Func<T, string> print, ITestOutputHelper output)
    {
        var counts = new SortedDictionary<string, int>(StringComparer.Ordinal);
        var all = int.Parse(Environment.GetEnvironmentVariable("LANYARD_FUZZ_SECONDS") ?? $"{seconds}", CultureInfo.InvariantCulture);
        try
        {
            for (var start = Stopwatch.GetTimestamp(); Left(start) > 0;)
            {
                cases.Sample(
                    item =>
                    {
                        var outcome = check(item);
                        counts[outcome] = counts.GetValueOrDefault(outcome) + 1;
                    },
                    time: Math.Min(SliceSeconds, Left(start)),
                    threads: 1,
                    print: print);
            }
        }
        finally
        {
            output.WriteLine($"{counts.Values.Sum():N0} cases: {string.Join(", ", counts.Select(pair => $"{pair.Key} {pair.Value:N0}"))}");
        }
        return counts;

        int Left(long start) => all - (int)Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}
