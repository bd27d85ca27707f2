using System.Collections.Concurrent;

namespace Lanyard.Tests.Transfers;

/// <summary>Processes that are threads: each pair has a row of messages.</summary>
internal sealed class LoopChannel(LoopChannel.Wires wires, int process) : ITransferChannel
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Queue<(int From, int Bytes)> _expected = [];

    public void Send(int to, int bytes, Action<Span<byte>> fill, CancellationToken cancellationToken)
    {
        var message = new byte[bytes];
        fill(message);
        wires.Of(process, to).Add(message, cancellationToken);
        Interlocked.Add(ref wires.Sent, bytes);
    }

    public void Expect(int from, int bytes) => _expected.Enqueue((from, bytes));

    public void Receive(Action<ReadOnlySpan<byte>> take, CancellationToken cancellationToken)
    {
        var (from, bytes) = _expected.Dequeue();
        Assert.True(wires.Of(from, process).TryTake(out var message, (int)Patience.TotalMilliseconds, cancellationToken), $"Nothing came from process {from}.");
        Assert.Equal(bytes, message!.Length);
        take(message);
    }

    public void Flush(CancellationToken cancellationToken)
    {
    }

    /// <summary>Runs one thread for each process, and gives what they threw.</summary>
    public static Dictionary<int, Exception?> Run(IEnumerable<int> processes, Action<int, LoopChannel> run, Wires? wires = null)
    {
        wires ??= new Wires();
        var failures = new ConcurrentDictionary<int, Exception?>();
        var threads = processes.Distinct().Select(process => new Thread(() =>
        {
            try
            {
                run(process, new LoopChannel(wires, process));
                failures[process] = null;
            }
            catch (Exception e)
            {
                failures[process] = e;
            }
        })).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => Assert.True(thread.Join(Patience * 2), "A process did not end."));
        return new Dictionary<int, Exception?>(failures);
    }

    internal sealed class Wires
    {
        public long Sent;

        private readonly ConcurrentDictionary<(int From, int To), BlockingCollection<byte[]>> _rows = new();

        public BlockingCollection<byte[]> Of(int from, int to) => _rows.GetOrAdd((from, to), _ => new BlockingCollection<byte[]>(boundedCapacity: 1));
    }
}
