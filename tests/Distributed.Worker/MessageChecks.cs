using System.Diagnostics;
using TorchSharp;
using static TorchSharp.torch;

namespace Lanyard.Distributed.Worker;

/// <summary>Messages between two processes, of all sizes, in pieces, and what does not fit.</summary>
internal static class MessageChecks
{
    public static void Run(Checks checks, MpiRuntime mpi)
    {
        var (messages, next, before) = (mpi.Messages, (mpi.Rank + 1) % mpi.Size, (mpi.Rank + mpi.Size - 1) % mpi.Size);
        foreach (var piece in new[] { 1 << 30, 7 })
        {
            MpiBatch.MaxPiece = piece;
            checks.Section($"messages in pieces of {piece}", all =>
            {
                foreach (var bytes in new[] { 0, 1, 7, 8, 4096, piece == 7 ? 1001 : 3_000_001 }) Ring(all, messages, next, before, bytes);
            });
        }
        MpiBatch.MaxPiece = 1 << 30;
        checks.Section("tensors", all => Tensors(all, messages));
        checks.Section("what does not fit", all => Misfits(all, messages));
        checks.Section("threads", all => Threads(all, messages, next, before));
        checks.Section("transfers", all => Transfers(all, messages, next, before));
        mpi.Barrier();
    }

    private static unsafe void Ring(Checks checks, MpiMessages messages, int next, int before, int bytes)
    {
        var (sent, received) = (Bytes(messages.Rank, bytes), new byte[bytes]);
        fixed (byte* from = sent, to = received)
        {
            // All send first: what is begun does not wait.
            var batch = messages.Begin();
            batch.Send(next, 5, (nint)from, bytes);
            batch.Receive(before, 5, (nint)to, bytes);
            batch.Wait();
            batch.Wait();
        }
        checks.That(received.AsSpan().SequenceEqual(Bytes(before, bytes)), $"{bytes} bytes came otherwise");
        if (messages.Rank < 2)
        {
            if (messages.Rank == 0) messages.Send(1, 6, sent);
            else messages.Receive(0, 6, received);
            checks.That(messages.Rank == 0 || received.AsSpan().SequenceEqual(Bytes(0, bytes)), $"{bytes} bytes came otherwise, one way");
        }
    }

    private static void Tensors(Checks checks, MpiMessages messages)
    {
        using var scope = NewDisposeScope();
        var value = arange(12, dtype: ScalarType.Float32).view(3, 4);
        if (messages.Rank == 0)
        {
            messages.Send(1, 0, value.t());
            messages.Send(1, 0, value.to(ScalarType.BFloat16)[1..]);
        }
        else if (messages.Rank == 1)
        {
            var (first, second) = (zeros(4, 3), zeros(2, 4, ScalarType.BFloat16));
            checks.Throws<ArgumentException>(() => messages.Receive(0, 0, first.t()), "strides", "has strides [1, 3]");
            messages.Receive(0, 0, first);
            messages.Receive(0, 0, second);
            checks.That(first.Equals(value.t()) && second.Equals(value.to(ScalarType.BFloat16)[1..]), "a tensor came otherwise");
        }
    }

    private static void Misfits(Checks checks, MpiMessages messages)
    {
        var buffer = new byte[100];
        if (messages.Rank == 0)
        {
            messages.Send(1, 1, buffer.AsSpan(0, 60));
            messages.Send(1, 2, buffer.AsSpan(0, 80));
            messages.Send(1, 3, [42]);
        }
        else if (messages.Rank == 1)
        {
            checks.Throws<MpiException>(() => messages.Receive(0, 1, buffer.AsSpan(0, 80)), "too short", "80 bytes from rank 0, tag 1 were expected, and 60 came");
            checks.Throws<MpiException>(() => messages.Receive(0, 2, buffer.AsSpan(0, 60)), "too long", "60 bytes from rank 0, tag 2", "truncated");
            messages.Receive(0, 3, buffer.AsSpan(0, 1));
            checks.That(buffer[0] == 42, "messages do not go on");
        }
        checks.Throws<ArgumentOutOfRangeException>(() => messages.Send(messages.Size, 0, [1]), "no such rank");
        checks.Throws<ArgumentOutOfRangeException>(() => messages.Send(0, -1, [1]), "no such tag");
        checks.Throws<ArgumentException>(() => messages.Receive(0, 0, 0, 1), "no address");
    }

    private static void Threads(Checks checks, MpiMessages messages, int next, int before)
    {
        var clock = Stopwatch.StartNew();
        var wrong = 0;
        var threads = Enumerable.Range(10, 3).Select(tag => new Thread(() =>
        {
            for (var i = 0; i < 20; i++)
            {
                var (sent, received) = (Bytes(messages.Rank + tag, 2000), new byte[2000]);
                unsafe
                {
                    fixed (byte* from = sent, to = received)
                    {
                        var batch = messages.Begin();
                        batch.Receive(before, tag, (nint)to, 2000);
                        batch.Send(next, tag, (nint)from, 2000);
                        batch.Wait();
                    }
                }
                if (!received.AsSpan().SequenceEqual(Bytes(before + tag, 2000))) Interlocked.Increment(ref wrong);
            }
        })).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        checks.That(wrong == 0, $"{wrong} messages of threads came otherwise, in {clock.Elapsed}");
    }

    private static void Transfers(Checks checks, MpiMessages messages, int next, int before)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        var channel = new MpiTransferChannel(messages, 100);
        foreach (var token in new[] { CancellationToken.None, patience.Token })
        {
            foreach (var bytes in new[] { 64, 5_000_000, 100_000 })
            {
                var received = new byte[bytes];
                Exchange(channel, next, Bytes(messages.Rank, bytes), before, received, token);
                checks.That(received.AsSpan().SequenceEqual(Bytes(before, bytes)), $"{bytes} bytes came otherwise");
            }
        }

        // The third rank sends nothing, and takes nothing.
        if (messages.Rank > 1) return;
        using var stop = new CancellationTokenSource(100);
        var stopped = new MpiTransferChannel(messages, 101);
        checks.Throws<OperationCanceledException>(() => Exchange(stopped, 2, new byte[5_000_000], 2, new byte[10], stop.Token), "a transfer that is stopped");
        checks.Throws<MpiException>(() => stopped.Send(1 - messages.Rank, 10, _ => { }, CancellationToken.None), "and used again", "take a channel with another tag");
        var after = new byte[10];
        Exchange(channel, 1 - messages.Rank, Bytes(messages.Rank, 10), 1 - messages.Rank, after, patience.Token);
        checks.That(after.AsSpan().SequenceEqual(Bytes(1 - messages.Rank, 10)), "messages do not go on after a stop");
    }

    private static void Exchange(MpiTransferChannel channel, int to, byte[] sent, int from, byte[] received, CancellationToken cancellationToken)
    {
        channel.Expect(from, received.Length);
        channel.Send(to, sent.Length, message => sent.CopyTo(message), cancellationToken);
        channel.Receive(message => message.CopyTo(received), cancellationToken);
        channel.Flush(cancellationToken);
    }

    private static byte[] Bytes(int seed, int count)
    {
        var bytes = new byte[count];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }
}
