using System.Diagnostics;
using System.Runtime.InteropServices;
using Lanyard.Models;
using Lanyard.Models.Layers;
using Lanyard.Models.Llama;
using TorchSharp;
using static TorchSharp.torch;

namespace Lanyard.Benchmarks;

/// <summary>A Llama of about a gigabyte from one process to another, whose layouts differ, over shared memory: against the same bytes over the same memory, and copied in one process.</summary>
internal static class Copying
{
    private const int Rounds = 5;

    public static void Run()
    {
        var path = Path.Combine(Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath(), $"lanyard-transfer-{Environment.ProcessId}");
        try
        {
            using var channel = new SharedChannel(path, 0);
            var start = new ProcessStartInfo(Environment.ProcessPath!, [.. Environment.GetCommandLineArgs()[0] is var own && own.EndsWith(".dll", StringComparison.Ordinal) && !Environment.ProcessPath!.EndsWith("Benchmarks", StringComparison.Ordinal) ? [own] : Array.Empty<string>(), "receive", path]);
            using var other = Process.Start(start)!;
            using var source = Make(ScalarType.BFloat16);
            source.InitialisedByHand();
            var plan = Plan();
            var bytes = plan.SentBytes;
            var memory = (Source: Marshal.AllocHGlobal((nint)bytes), Target: Marshal.AllocHGlobal((nint)bytes));
            Console.WriteLine($"{plan}");
            for (var round = 0; round < Rounds; round++)
            {
                var transfer = Timed(() => plan.Run(0, channel, source, null));
                Drain(channel);
                var alone = Timed(() => Send(channel, bytes));
                Drain(channel);
                var copy = Timed(() => Copy(memory.Source, memory.Target, bytes));
                Console.WriteLine($"transfer {bytes / transfer.TotalSeconds / 1e9:0.00} GB/s; the channel alone {bytes / alone.TotalSeconds / 1e9:0.00}, ratio {alone / transfer:0.00}; memcpy {bytes / copy.TotalSeconds / 1e9:0.00}, ratio {copy / transfer:0.00}");
            }
            other.WaitForExit();
        }
        finally
        {
            File.Delete(path);
        }
    }

    public static void Receive(string path)
    {
        using var channel = new SharedChannel(path, 1);
        using var target = Make(ScalarType.BFloat16);
        target.InitialisedByHand();
        var plan = Plan();
        var buffer = new byte[4 << 20];
        for (var round = 0; round < Rounds; round++)
        {
            using (var session = target.BeginRefit(RefitMode.InPlace))
            {
                plan.Run(1, channel, null, session);
                channel.Exchange(0, [1], -1, [], default);
                session.Commit();
            }
            for (var left = plan.SentBytes; left > 0; left -= buffer.Length) channel.Exchange(-1, [], 0, buffer, default);
            channel.Exchange(0, [1], -1, [], default);
        }
    }

    private static TransferPlan Plan() => TransferPlan.Between(
        new TransferSide(_ => Make(ScalarType.BFloat16, META), TransferSide.RanksOf(1)),
        new TransferSide(_ => Make(ScalarType.BFloat16, META), TransferSide.RanksOf(1, first: 1)));

    private static LlamaForCausalLM Make(ScalarType type, Device? device = null) => new LlamaForCausalLM(new DecoderConfig
    {
        VocabSize = 32000,
        HiddenSize = 2048,
        IntermediateSize = 5632,
        NumHiddenLayers = 10,
        NumAttentionHeads = 32,
        NumKeyValueHeads = 4,
        HeadDim = 64,
        RmsNormEps = 1e-5,
        RopeTheta = 10000,
    }).OnRank(Topology.Single, type, device);

    private static unsafe void Copy(nint from, nint to, long bytes) => Parallel.For(0, Environment.ProcessorCount, part =>
    {
        var (begin, end) = (bytes * part / Environment.ProcessorCount, bytes * (part + 1) / Environment.ProcessorCount);
        Buffer.MemoryCopy((void*)(from + (nint)begin), (void*)(to + (nint)begin), end - begin, end - begin);
    });

    private static void Send(SharedChannel channel, long bytes)
    {
        var buffer = new byte[4 << 20];
        for (var left = bytes; left > 0; left -= buffer.Length) channel.Exchange(1, buffer, -1, [], default);
    }

    // The clock stops when the other has all.
    private static void Drain(SharedChannel channel) => channel.Exchange(-1, [], 1, new byte[1], default);

    private static TimeSpan Timed(Action run)
    {
        var clock = Stopwatch.StartNew();
        run();
        return clock.Elapsed;
    }
}
