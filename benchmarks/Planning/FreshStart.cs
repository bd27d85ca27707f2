using System.Diagnostics;
using System.Globalization;
using Lanyard.Checkpoints;
using Lanyard.Models.Llama;
using TorchSharp;
using static TorchSharp.torch;

namespace Lanyard.Benchmarks;

/// <summary>The same in a process that has just started, where all code is compiled first, and a whole start up to the plan.</summary>
internal static class FreshStart
{
    public static void Run(int rounds)
    {
        var temporary = Directory.CreateTempSubdirectory("lanyard-planning-");
        var folder = Path.Combine(temporary.FullName, "model");
        try
        {
            using (var model = new LlamaForCausalLM(SmallLlama.Config).OnRank(type: ScalarType.BFloat16).InitialisedByHand()) SmallLlama.Write(model, folder);
            var plans = Enumerable.Range(0, rounds).Select(_ => Numbers(FreshProcess.Run("plan"))[0]).ToList();
            Row.Most("plan of 91,991 tensors in a fresh process", 0.3, "s").Measured(Median.Of(plans));

            // Rows of one run each: start of .NET, libtorch, model, plan.
            var starts = Enumerable.Range(0, rounds).Select(_ => Numbers(FreshProcess.Run("open", folder, Stopwatch.GetTimestamp().ToString(CultureInfo.InvariantCulture)))).ToList();
            double Part(int index) => Median.Of(starts.Select(start => start[index])) * 1000;
            var all = Median.Of(starts.Select(start => start[0] + start[2] + start[3])) * 1000;
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"in a fresh process: plan of 91,991 tensors {Median.Of(plans) * 1000:F0} ms; medians of {rounds}"));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"open, plan and construct 272 tensors: {all:F0} ms (start of .NET {Part(0):F0}, model {Part(2):F0}, open and plan {Part(3):F0}), and {Part(1):F0} ms for the loading of libtorch"));
            Row.Most("open, plan and construct 272 tensors in a fresh process", 100, "ms").Measured(all);
            Row.Shown("loading of libtorch, which is not in that", "ms").Measured(Part(1));
        }
        finally
        {
            temporary.Delete(recursive: true);
        }
    }

    /// <summary>In the fresh process: prints the seconds of one plan.</summary>
    public static void Plan()
    {
        var published = new PublishedModel(61);
        using var model = published.Make();
        var start = Stopwatch.GetTimestamp();
        LoadPlan.Check(model, published.Headers);
        Print(start, Stopwatch.GetTimestamp());
    }

    /// <summary>In the fresh process: prints the seconds until this was called, of the loading of libtorch, of the model, and of the file's opening and the plan.</summary>
    /// <param name="folder">Where the model is.</param>
    /// <param name="start">When the other process asked for this one: both have one clock.</param>
    public static void Open(string folder, long start)
    {
        var called = Stopwatch.GetTimestamp();
        empty(1).Dispose();
        var loaded = Stopwatch.GetTimestamp();
        using var model = LlamaForCausalLM.FromConfig(PretrainedConfig.Read(folder)).OnRank(type: ScalarType.BFloat16);
        var made = Stopwatch.GetTimestamp();
        using var checkpoint = Checkpoint.Open(folder);
        _ = LoadPlan.Create(model, checkpoint);
        Print(start, called, loaded, made, Stopwatch.GetTimestamp());
    }

    private static void Print(params long[] moments) =>
        Console.WriteLine(string.Join(' ', moments.Zip(moments.Skip(1), (from, to) => Stopwatch.GetElapsedTime(from, to).TotalSeconds.ToString("R", CultureInfo.InvariantCulture))));

    private static double[] Numbers(string text) => [.. text.Split(' ').Select(number => double.Parse(number, CultureInfo.InvariantCulture))];
}
