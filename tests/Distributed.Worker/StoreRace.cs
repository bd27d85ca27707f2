using System.Globalization;
using Lanyard.Etcd;

namespace Lanyard.Distributed.Worker;

/// <summary>Threads of one process that want to create the same records, each with a text of its own, and write down what they were told.</summary>
internal static class StoreRace
{
    private const int Threads = 8;
    private const int Records = 25;

    public static int Run(string folder, string address)
    {
        using var store = new EtcdDecisionStore(address, timeout: TimeSpan.FromSeconds(30));
        File.WriteAllText(Path.Combine(folder, $"ready-{Environment.ProcessId}"), "");
        while (!File.Exists(Path.Combine(folder, "go"))) Thread.Sleep(1);
        var begin = File.GetLastWriteTimeUtc(Path.Combine(folder, "go")) + TimeSpan.FromMilliseconds(200);
        var told = new string[Threads][];
        var threads = Enumerable.Range(0, Threads).Select(thread => new Thread(() =>
            told[thread] = [.. Enumerable.Range(0, Records).Select(i =>
            {
                // All at one moment, in both processes.
                while (DateTime.UtcNow < begin + TimeSpan.FromMilliseconds(20 * i)) Thread.Yield();
                return string.Create(CultureInfo.InvariantCulture, $"{i} {store.Create($"race/{i}", $"{Environment.ProcessId}-{thread}-{i}")}");
            })])).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        File.WriteAllLines(Path.Combine(folder, $"told-{Environment.ProcessId}"), told.SelectMany(lines => lines));
        return 0;
    }
}
