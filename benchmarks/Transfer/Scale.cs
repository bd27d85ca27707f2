using System.Diagnostics;
using Lanyard.Models;
using Lanyard.Models.DeepseekV3;
using TorchSharp;

namespace Lanyard.Benchmarks;

/// <summary>On paper: a model of 1T parameters from a trainer's ranks to 1,024 of engines. The plan is made as it would be; messages and bytes are counted, and time is bytes over stated links.</summary>
internal static class Scale
{
    // 400 Gb/s for each rank, and what starting a message costs.
    private const double LinkBytes = 50e9;
    private const double MessageSeconds = 20e-6;

    public static void Run()
    {
        var config = PretrainedConfig.Read(Path.Combine(Planning.Manifests, "kimi-k2.5.config.json"));
        Func<Topology, IParameterModule> make = topology => KimiK25ForCausalLM.FromConfig(config).OnRank(topology, torch.ScalarType.BFloat16, torch.META);
        Console.WriteLine("| from | to | planned in | parameters | sent | least | most sent by a rank | mean | received by a rank | messages of a rank | runs of a rank | its part of the plan | file | time |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|---|---|---|---|---|---|");
        foreach (var (text, sources, targets) in new[]
        {
            ("8 x 8 x 4 replicas", TransferSide.RanksOf(8, 8, replicas: 4), TransferSide.RanksOf(8, 128, first: 10_000)),
            ("8 x 32", TransferSide.RanksOf(8, 32), TransferSide.RanksOf(8, 16, first: 10_000, replicas: 8)),
            ("8 x 32", TransferSide.RanksOf(8, 32), TransferSide.RanksOf(4, 32, first: 10_000, replicas: 8)),
        })
        {
            var clock = Stopwatch.StartNew();
            var plan = TransferPlan.Between(new TransferSide(make, sources), new TransferSide(make, targets));
            var planned = clock.Elapsed;
            var messages = plan.Messages();
            var sent = messages.GroupBy(message => message.Key.Source).ToDictionary(rank => rank.Key, rank => rank.Sum(message => message.Value));
            var received = messages.GroupBy(message => message.Key.Target).ToDictionary(rank => rank.Key, rank => rank.Sum(message => message.Value));
            var of = messages.Keys.SelectMany(key => new[] { key.Source, key.Target }).GroupBy(rank => rank).ToDictionary(rank => rank.Key, rank => rank.Count());
            var runs = plan.Groups.SelectMany(group => group.Runs).SelectMany(run => new[] { run.Source, run.Target }).GroupBy(rank => rank).Max(rank => rank.Count());
            using var file = new MemoryStream();
            plan.Write(file);
            var part = file.Length / plan.Groups.Sum(group => group.Runs.Length) * runs;
            var needed = plan.Elements * 2;
            var time = Math.Max(sent.Values.Max(), received.Values.Max()) / LinkBytes + (of.Values.Max() * MessageSeconds);
            var to = targets[0].Topology;
            Console.WriteLine($"| {text} | {to.TensorSize} x {to.ExpertSize}{(targets.Length > to.TensorSize * to.ExpertSize ? $" x {targets.Length / to.TensorSize / to.ExpertSize} replicas" : "")} | {planned.TotalSeconds:0.0} s | {plan.Parameters} | {plan.SentBytes / 1e12:0.000} TB | {(double)(plan.SentBytes + plan.LocalBytes) / needed:0.00} | {sent.Values.Max() / 1e9:0.00} GB | {sent.Values.Average() / 1e9:0.00} GB | {received.Values.Min() / 1e9:0.00} to {received.Values.Max() / 1e9:0.00} GB | {of.Values.Min()} to {of.Values.Max()} | {runs} | {part >> 10} KiB | {file.Length >> 10} KiB | {time:0.00} s |");
        }
    }
}
