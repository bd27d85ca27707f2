using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace Lanyard.Transfers;

/// <summary>
/// One process in a transfer: rounds, in each of which it sends to one other and receives from one other, chunk by chunk, so that no two wait for each other and no more is held
/// than two chunks. A process that fails goes on sending, that it has failed, so that nobody waits for it.
/// </summary>
/// <param name="plan">The plan.</param>
/// <param name="process">This process.</param>
/// <param name="runs">What it has to do.</param>
/// <param name="channel">What carries the bytes.</param>
internal sealed unsafe class TransferExchange(TransferPlan plan, int process, ProcessRuns runs, ITransferChannel channel)
{
    // The plan's digest, the number of the chunk, and whether the sender has failed.
    private const int HeaderBytes = 64;
    private const int Failed = 1;

    private readonly List<TransferProblem> _problems = [];
    private Exception? _failure;

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
        nint sent = 0, received = 0;
        try
        {
            sent = (nint)NativeMemory.AlignedAlloc(HeaderBytes + (nuint)TransferMessage.ChunkBytes, HeaderBytes);
            received = (nint)NativeMemory.AlignedAlloc(HeaderBytes + (nuint)TransferMessage.ChunkBytes, HeaderBytes);
            for (var round = 1; round < processes.Length; round++)
            {
                var (to, from) = (processes[(position + round) % processes.Length], processes[(position - round + processes.Length) % processes.Length]);
                using var outgoing = TransferMessage.Chunks(runs.Of(process, to)).GetEnumerator();
                using var incoming = TransferMessage.Chunks(runs.Of(from, process)).GetEnumerator();
                for (var number = 0; ; number++)
                {
                    var (sends, receives) = (outgoing.MoveNext(), incoming.MoveNext());
                    if (!sends && !receives) break;
                    var (sentBytes, receivedBytes) = (sends ? Fill(outgoing.Current, sent, number, pack) : 0, receives ? HeaderBytes + (int)TransferMessage.BytesOf(incoming.Current) : 0);
                    channel.Exchange(sends ? to : -1, new ReadOnlySpan<byte>((void*)sent, sentBytes), receives ? from : -1, new Span<byte>((void*)received, receivedBytes), cancellationToken);
                    if (receives) Take(incoming.Current, received, receivedBytes, number, from, unpack);
                }
            }
        }
        finally
        {
            NativeMemory.AlignedFree((void*)sent);
            NativeMemory.AlignedFree((void*)received);
        }
        if (_failure is not null) throw new TransferException($"The transfer failed in process {process}", [new TransferProblem(TransferProblemKind.Failed, $"process {process}", null, _failure.Message, process)], _failure);
        if (_problems.Count > 0) throw new TransferException($"Process {process} did not get its weights", [.. _problems]);
    }

    /// <summary>Enters that this process has failed: it goes on, so that others hear of it.</summary>
    public void Fail(Exception failure) => _failure ??= failure;

    private int Fill(List<TransferPiece> chunk, nint sent, int number, Action<TransferPiece, nint> pack)
    {
        var bytes = HeaderBytes + (int)TransferMessage.BytesOf(chunk);
        if (_failure is null)
        {
            try
            {
                foreach (var piece in chunk) pack(piece, sent + HeaderBytes);
            }
            catch (Exception e)
            {
                // The others wait for bytes: they hear why there are none.
                Fail(e);
            }
        }
        var header = new Span<byte>((void*)sent, HeaderBytes);
        header.Clear();
        BinaryPrimitives.WriteUInt64LittleEndian(header, plan.Digest);
        BinaryPrimitives.WriteInt32LittleEndian(header[8..], number);
        if (_failure is null) return bytes;
        BinaryPrimitives.WriteInt32LittleEndian(header[12..], Failed);
        var text = new Span<byte>((void*)(sent + HeaderBytes), bytes - HeaderBytes);
        text.Clear();
        Encoding.UTF8.GetBytes(_failure.Message).AsSpan(0, Math.Min(text.Length, Encoding.UTF8.GetByteCount(_failure.Message))).CopyTo(text);
        return bytes;
    }

    private void Take(List<TransferPiece> chunk, nint received, int bytes, int number, int from, Action<TransferPiece, nint> unpack)
    {
        var header = new ReadOnlySpan<byte>((void*)received, HeaderBytes);
        if (BinaryPrimitives.ReadUInt64LittleEndian(header) != plan.Digest || BinaryPrimitives.ReadInt32LittleEndian(header[8..]) != number)
        {
            Report(from, $"what came is of another plan, or of another transfer: all processes need the same plan, and each transfer a channel of its own");
        }
        else if (BinaryPrimitives.ReadInt32LittleEndian(header[12..]) == Failed)
        {
            Report(from, Encoding.UTF8.GetString(new ReadOnlySpan<byte>((void*)(received + HeaderBytes), bytes - HeaderBytes).TrimEnd((byte)0)));
        }
        else if (_failure is null)
        {
            try
            {
                foreach (var piece in chunk) unpack(piece, received + HeaderBytes);
            }
            catch (Exception e)
            {
                Fail(e);
            }
        }
    }

    private void Report(int from, string found)
    {
        if (!_problems.Exists(problem => problem.Process == from)) _problems.Add(new TransferProblem(TransferProblemKind.Failed, $"process {from}", null, found, from));
    }
}
