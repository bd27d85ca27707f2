using System.Diagnostics;
using System.Globalization;

namespace Lanyard.Benchmarks;

/// <summary>Plans where the code has run before.</summary>
internal static class WarmPlans
{
    /// <summary>The first plan of a model: every name is spelled, every slot resolved.</summary>
    public static void Run(int[] layers, int warmups, int rounds)
    {
        foreach (var count in layers)
        {
            var published = new PublishedModel(count);
            var (seconds, bytes) = Medians(published, warmups, rounds, model => LoadPlan.Check(model, published.Headers));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{count} layers, {published.Headers.Count:N0} tensors: first plan {seconds * 1000:F0} ms, {bytes / 1e6:F0} MB allocated; medians of {rounds}"));
            if (count < 61) continue;
            Row.Most("plan of 91,991 tensors", 0.15, "s").Measured(seconds);
            Row.Most("memory allocated by that plan", 80, "MB").Measured(bytes / 1e6);
        }
    }

    /// <summary>What it takes to list everything where every name is wrong.</summary>
    public static void Refuse(int[] layers, int warmups, int rounds)
    {
        foreach (var count in layers)
        {
            var published = new PublishedModel(count);
            var strangers = published.Headers.ConvertAll(tensor => tensor with { Name = "other." + tensor.Name });
            var (seconds, _) = Medians(published, warmups, rounds, model =>
            {
                try
                {
                    LoadPlan.Check(model, strangers);
                }
                catch (LoadException)
                {
                    return;
                }
                throw new InvalidOperationException("Names that the model does not have were accepted.");
            });
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{count} layers, all names wrong: {seconds * 1000:F0} ms; median of {rounds}"));
        }
    }

    private static (double Seconds, double Bytes) Medians(PublishedModel published, int warmups, int rounds, Action<IParameterModule> run)
    {
        var (times, allocated) = (new List<double>(), new List<double>());
        for (var round = -warmups; round < rounds; round++)
        {
            using var model = published.Make();
            GC.Collect();
            GC.WaitForPendingFinalizers();
            var (bytes, start) = (GC.GetTotalAllocatedBytes(precise: true), Stopwatch.GetTimestamp());
            run(model);
            var time = Stopwatch.GetElapsedTime(start).TotalSeconds;
            if (round < 0) continue;
            times.Add(time);
            allocated.Add(GC.GetTotalAllocatedBytes(precise: true) - bytes);
        }
        return (Median.Of(times), Median.Of(allocated));
    }
}
