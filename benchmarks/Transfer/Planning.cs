using System.Diagnostics;
using System.Reflection;
using Lanyard.Models;
using Lanyard.Models.DeepseekV3;
using TorchSharp;

namespace Lanyard.Benchmarks;

/// <summary>Plans DeepSeek-V3 from 64 ranks to 64 others, from the published configuration: no weights.</summary>
internal static class Planning
{
    public static string Manifests { get; } = typeof(Planning).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().First(attribute => attribute.Key == "ManifestsDirectory").Value!;

    public static void Run()
    {
        var config = PretrainedConfig.Read(Path.Combine(Manifests, "deepseek-v3.config.json"));
        Func<Topology, IParameterModule> make = topology => DeepseekV3ForCausalLM.FromConfig(config).OnRank(topology, torch.ScalarType.BFloat16, torch.META);
        for (var i = 0; i < 3; i++)
        {
            var before = GC.GetTotalAllocatedBytes();
            var (clock, cpu) = (Stopwatch.StartNew(), Environment.CpuUsage.TotalTime);
            var plan = TransferPlan.Between(new TransferSide(make, TransferSide.RanksOf(8, 8)), new TransferSide(make, TransferSide.RanksOf(2, 32, first: 64)));
            var (planned, processor) = (clock.Elapsed, Environment.CpuUsage.TotalTime - cpu);
            using var file = new MemoryStream();
            plan.Write(file);
            Console.WriteLine($"DeepSeek-V3, tensor 8 x expert 8 to tensor 2 x expert 32: {planned.TotalSeconds:0.00} s, {processor.TotalSeconds:0.00} s of processors, {(GC.GetTotalAllocatedBytes() - before) >> 20} MiB allocated; {plan}; a file of {file.Length >> 10} KiB");
            var sent = plan.Messages().GroupBy(message => message.Key.Source).ToDictionary(process => process.Key, process => process.Sum(message => message.Value));
            Console.WriteLine($"each sends {sent.Values.Min() >> 20} to {sent.Values.Max() >> 20} MiB, mean {(long)sent.Values.Average() >> 20}, in {plan.Messages().Count} messages");
        }
    }
}
