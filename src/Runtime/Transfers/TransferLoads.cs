using System.Collections.Immutable;

namespace Lanyard.Transfers;

/// <summary>What each process sends, so that work goes to whoever has least of it.</summary>
internal sealed class TransferLoads
{
    private readonly Dictionary<int, long> _sent = [];

    /// <summary>The bytes that a process sends by now.</summary>
    public long Of(int process) => _sent.GetValueOrDefault(process);

    /// <summary>The one of some processes that has what a target needs: the target itself, or else the one that sends least.</summary>
    public int Choose(ImmutableArray<int> processes, int target)
    {
        if (processes.Contains(target)) return target;
        var least = processes[0];
        foreach (var process in processes)
        {
            if (Of(process) < Of(least)) least = process;
        }
        return least;
    }

    /// <summary>Enters what a process sends to another.</summary>
    public void Add(int source, int target, long bytes)
    {
        if (source != target) _sent[source] = Of(source) + bytes;
    }
}
