using System.Diagnostics;
using System.Reflection;
using Lanyard.Distributed;

namespace Lanyard.Benchmarks;

/// <summary>Gigabytes of a model from process to process: against as many bytes from memory to memory over the same channel, and copied within one process, round by round.</summary>
internal static class Copying
{
    private const int Rounds = 7;

    private static string Own => typeof(Copying).Assembly.Location;

    /// <summary>Over shared memory, with a process that it starts.</summary>
    public static void OverSharedMemory()
    {
        var path = Path.Combine(Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath(), $"lanyard-transfer-{Environment.ProcessId}");
        try
        {
            using var pair = new SharedPair(path, 0);
            using var other = Process.Start("dotnet", [Own, "other", path]);
            Measure(pair);
            other.WaitForExit();
        }
        finally
        {
            File.Delete(path);
        }
    }

    /// <summary>The other process.</summary>
    public static void Other(string path)
    {
        using var pair = new SharedPair(path, 1);
        Measure(pair);
    }

    /// <summary>Over Open MPI: the ranks of a job, which it starts where it is none.</summary>
    public static void OverMpi()
    {
        if (Environment.GetEnvironmentVariable("OMPI_COMM_WORLD_RANK") is null)
        {
            var script = typeof(Copying).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().First(attribute => attribute.Key == "MpiScript").Value!;
            using var job = Process.Start("bash", [script, "-np", "2", "dotnet", Own, "mpi"]);
            job.WaitForExit();
            Environment.ExitCode = job.ExitCode;
            return;
        }
        Environment.ExitCode = MpiRuntime.Run(mpi =>
        {
            using var pair = new MpiPair(mpi);
            Measure(pair);
            return 0;
        });
    }

    private static void Measure(Pair pair)
    {
        foreach (var (name, sources, targets) in CopiedModel.Transfers) Measure(pair, name, sources, targets);
    }

    private static void Measure(Pair pair, string name, TransferRank[] sources, TransferRank[] targets)
    {
        var plan = CopiedModel.Plan(sources, targets);
        using var source = CopiedModel.Of(pair.Process, sources, kernelLayouts: false, value: 1);
        using var target = CopiedModel.Of(pair.Process, targets, kernelLayouts: true, value: 0);
        if (source is not null) CopiedModel.Number(source);
        long Sent(int process) => plan.Messages().Where(message => message.Key.Source == process).Sum(message => message.Value);
        using Memory given = new(Sent(pair.Process)), taken = new(Sent(1 - pair.Process));

        // What is within a process is copied there in the comparison, too.
        using Memory local = new(plan.LocalBytes / 2), copied = new(plan.LocalBytes / 2);
        var bytes = plan.SentBytes + plan.LocalBytes;
        using Memory from = new(pair.Process == 0 ? bytes : 0), to = new(pair.Process == 0 ? bytes : 0);
        if (pair.Process == 0) Console.WriteLine($"{pair.Name}, {name}: {plan}; over the least possible {bytes / (plan.Elements * 2.0):0.00}");

        var ratios = new List<(double Plain, double Copy)>();
        for (var round = 0; round < Rounds; round++)
        {
            TimeSpan transfer;
            using (var session = target?.BeginRefit(RefitMode.InPlace))
            {
                transfer = Timed(pair, () => plan.Run(pair.Process, pair.Channel, source, session, pair.Token));
                session?.Commit();
            }
            var plain = Timed(pair, () =>
            {
                Memory.Copy(local, copied);
                pair.Exchange(given, taken);
            });
            var copy = Timed(pair, () =>
            {
                if (pair.Process == 0) Memory.Copy(from, to);
            });
            if (pair.Process != 0) continue;
            ratios.Add((plain / transfer, copy / transfer));
            Console.WriteLine($"  transfer {bytes / transfer.TotalSeconds / 1e9:0.00} GB/s; plain {bytes / plain.TotalSeconds / 1e9:0.00}, ratio {plain / transfer:0.00}; memcpy {bytes / copy.TotalSeconds / 1e9:0.00}, ratio {copy / transfer:0.00}");
        }
        if (target is not null && !CopiedModel.IsNumbered(target)) throw new InvalidOperationException($"Process {pair.Process} has other values than were sent.");
        if (pair.Process == 0) Console.WriteLine($"  median ratios: plain {Median.Of(ratios.Select(ratio => ratio.Plain)):0.00}, memcpy {Median.Of(ratios.Select(ratio => ratio.Copy)):0.00}");
    }

    // From when both begin until both are through.
    private static TimeSpan Timed(Pair pair, Action run)
    {
        pair.Meet();
        var clock = Stopwatch.StartNew();
        run();
        pair.Meet();
        return clock.Elapsed;
    }
}
