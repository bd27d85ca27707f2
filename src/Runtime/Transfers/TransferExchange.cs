using System.Buffers.Binary;
using System.IO.Hashing;
using System.Text;

namespace Lanyard.Transfers;

/// <summary>
/// One process in a transfer: rounds, in each of which it sends to one other and receives from one other, chunk by chunk, so that no two wait for each other. What is sent waits only
/// for what was sent two chunks before. A process that fails goes on sending, that it has failed, so that nobody waits for it.
/// </summary>
/// <param name="plan">The plan.</param>
/// <param name="process">This process.</param>
/// <param name="runs">What it has to do.</param>
/// <param name="channel">What carries the bytes.</param>
internal sealed unsafe class TransferExchange(TransferPlan plan, int process, ProcessRuns runs, ITransferChannel channel)
{
    // The plan's digest, the number of the chunk, whether the sender has failed, and a digest of the version of its weights.
    private const int HeaderBytes = 64;
    private const int Failed = 1;

    private readonly List<TransferProblem> _problems = [];
    private Exception? _failure;
    private ulong _version;
    private (int Process, ulong Version) _first;

    /// <summary>Enters what the weights of this process are called, before it runs.</summary>
    /// <param name="version">The version; null where nobody said it.</param>
    public void Give(string? version)
    {
        _version = version is null ? 0 : XxHash64.HashToUInt64(Encoding.UTF8.GetBytes(version)) | 1;
        if (runs.Of(process, process).Any()) _first = (process, _version);
    }

    /// <summary>Sends and receives everything.</summary>
    /// <param name="pack">Copies a piece into a chunk.</param>
    /// <param name="unpack">Copies a piece out of a chunk.</param>
    /// <param name="cancellationToken">Stops the waiting for others.</param>
    /// <exception cref="TransferException">Another process has failed, or has another plan.</exception>
    public void Run(Action<TransferPiece, nint> pack, Action<TransferPiece, nint> unpack, CancellationToken cancellationToken)
    {
        int[] processes = [.. plan.Sources.Concat(plan.Targets).Select(rank => rank.Process).Distinct().Order()];
        var position = Array.IndexOf(processes, process);
        if (position < 0) throw new ArgumentException($"Process {process} is on neither side of the plan.", nameof(process));
        for (var round = 1; round < processes.Length; round++)
        {
            var (to, from) = (processes[(position + round) % processes.Length], processes[(position - round + processes.Length) % processes.Length]);
            using var outgoing = TransferMessage.Chunks(runs.Of(process, to)).GetEnumerator();
            using var incoming = TransferMessage.Chunks(runs.Of(from, process)).GetEnumerator();
            var expected = Expect(incoming, from);
            for (var number = 0; ; number++)
            {
                var (sends, comes) = (outgoing.MoveNext(), expected);
                if (!sends && comes is null) break;
                if (sends) channel.Send(to, BytesOf(outgoing.Current), message => Fill(outgoing.Current, message, number, pack), cancellationToken);
                if (comes is null) continue;

                // While this one is copied out.
                expected = Expect(incoming, from);
                channel.Receive(message => Take(comes, message, number, from, unpack), cancellationToken);
            }
        }
        channel.Flush(cancellationToken);
        if (_failure is not null) throw new TransferException($"The transfer failed in process {process}", [new TransferProblem(TransferProblemKind.Failed, $"process {process}", null, _failure.Message, process)], _failure);
        if (_problems.Count > 0) throw new TransferException($"Process {process} did not get its weights", [.. _problems]);
    }

    /// <summary>Enters that this process has failed: it goes on, so that others hear of it.</summary>
    public void Fail(Exception failure) => _failure ??= failure;

    private static int BytesOf(List<TransferPiece> chunk) => HeaderBytes + (int)TransferMessage.BytesOf(chunk);

    private List<TransferPiece>? Expect(IEnumerator<List<TransferPiece>> incoming, int from)
    {
        if (!incoming.MoveNext()) return null;
        channel.Expect(from, BytesOf(incoming.Current));
        return incoming.Current;
    }

    private void Fill(List<TransferPiece> chunk, Span<byte> message, int number, Action<TransferPiece, nint> pack)
    {
        var header = message[..HeaderBytes];
        var elements = message[HeaderBytes..];
        if (_failure is null)
        {
            try
            {
                fixed (byte* address = elements)
                    foreach (var piece in chunk) pack(piece, (nint)address);
            }
            catch (Exception e)
            {
                // The others wait for bytes: they hear why there are none.
                Fail(e);
            }
        }
        header.Clear();
        BinaryPrimitives.WriteUInt64LittleEndian(header, plan.Digest);
        BinaryPrimitives.WriteInt32LittleEndian(header[8..], number);
        BinaryPrimitives.WriteUInt64LittleEndian(header[16..], _version);
        if (_failure is null) return;
        BinaryPrimitives.WriteInt32LittleEndian(header[12..], Failed);
        elements.Clear();
        Encoding.UTF8.GetBytes(_failure.Message).AsSpan(0, Math.Min(elements.Length, Encoding.UTF8.GetByteCount(_failure.Message))).CopyTo(elements);
    }

    private void Take(List<TransferPiece> chunk, ReadOnlySpan<byte> message, int number, int from, Action<TransferPiece, nint> unpack)
    {
        var header = message[..HeaderBytes];
        var elements = message[HeaderBytes..];
        if (BinaryPrimitives.ReadUInt64LittleEndian(header) != plan.Digest || BinaryPrimitives.ReadInt32LittleEndian(header[8..]) != number)
        {
            Report(from, $"what came is of another plan, or of another transfer: all processes need the same plan, and each transfer a channel of its own");
        }
        else if (BinaryPrimitives.ReadInt32LittleEndian(header[12..]) == Failed)
        {
            Report(from, Encoding.UTF8.GetString(elements.TrimEnd((byte)0)));
        }
        else if (!IsOfVersion(BinaryPrimitives.ReadUInt64LittleEndian(header[16..]), from))
        {
            Report(from, $"its weights are of another version than those of process {_first.Process}: together they would be a mixture");
        }
        else if (_failure is null)
        {
            try
            {
                fixed (byte* address = elements)
                    foreach (var piece in chunk) unpack(piece, (nint)address);
            }
            catch (Exception e)
            {
                Fail(e);
            }
        }
    }

    /// <summary>Whether what comes is of the version of what came before. Where nobody said what weights are called, nobody knows.</summary>
    private bool IsOfVersion(ulong version, int from)
    {
        if (version == 0) return true;
        if (_first.Version == 0) _first = (from, version);
        return _first.Version == version;
    }

    private void Report(int from, string found)
    {
        if (!_problems.Exists(problem => problem.Process == from)) _problems.Add(new TransferProblem(TransferProblemKind.Failed, $"process {from}", null, found, from));
    }
}
