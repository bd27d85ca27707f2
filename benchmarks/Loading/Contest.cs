using System.Diagnostics;
using System.Globalization;

namespace Lanyard.Loading.Benchmarks;

/// <summary>Times contenders in turns, so that a machine that slows down slows all of them, prints each as a ratio to the first, which is the limit, and adds the rows that contenders have.</summary>
internal static class Contest
{
    public static void Run(string title, long bytes, int rounds, params Contender[] contenders)
    {
        var times = contenders.ToDictionary(contender => contender, _ => new List<double>());
        for (var round = -1; round < rounds; round++)
        {
            foreach (var contender in contenders)
            {
                var turn = contender.Prepare();
                GC.Collect();
                GC.WaitForPendingFinalizers();
                var start = Stopwatch.GetTimestamp();
                turn.Run();
                var time = Stopwatch.GetElapsedTime(start).TotalSeconds;
                turn.Clear();
                if (round >= 0) times[contender].Add(time);
            }
        }
        foreach (var contender in contenders) contender.End?.Invoke();
        Console.WriteLine();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{title}; {bytes / 1048576.0:N0} MiB, median of {rounds}"));
        foreach (var contender in contenders)
        {
            var ratio = Median.Of(times[contenders[0]].Zip(times[contender], (limit, own) => limit / own));
            var time = Median.Of(times[contender]);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {contender.Name,-58} {time * 1000,8:F1} ms {bytes / time / 1e9,6:F2} GB/s  {ratio,6:F3} of the limit"));
            contender.Row?.Measured(contender.Figure(time, ratio));
        }
    }
}
