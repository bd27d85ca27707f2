using Lanyard.Distributed.Messages;
using Lanyard.Distributed.Native;

namespace Lanyard.Distributed;

/// <summary>
/// Messages that are under way at once: begun one by one, waited for together. Until <see cref="Wait()"/> has returned, what is sent may not be changed, what is received not be read, and
/// none of it be freed. It belongs to one thread at a time.
/// </summary>
public sealed unsafe class MpiBatch
{
    // MPI_ERR_IN_STATUS: how each message went stands beside it.
    private const int InStatus = 18;

    private readonly Communicator _ranks;
    private readonly List<MpiPiece> _pieces = [];
    private readonly List<nint> _requests = [];

    internal MpiBatch(Communicator ranks) => _ranks = ranks;

    /// <summary>The most that MPI is given at once, for its counts have 32 bits. Tests set less.</summary>
    internal static int MaxPiece { get; set; } = 1 << 30;

    /// <summary>Begins to send.</summary>
    /// <param name="to">The rank to send to.</param>
    /// <param name="tag">Keeps messages apart, 0 to 32767: those of one tag between two ranks come in the order in which they were begun.</param>
    /// <param name="address">Where the bytes begin, in the processor's memory.</param>
    /// <param name="bytes">How many there are; the receiver must expect as many.</param>
    /// <exception cref="MpiException">It could not begin.</exception>
    public void Send(int to, int tag, nint address, long bytes) => Begin(isReceived: false, to, tag, address, bytes);

    /// <summary>Begins to receive.</summary>
    /// <param name="from">The rank that sends.</param>
    /// <param name="tag">The number that the sender gives.</param>
    /// <param name="address">Where the bytes go, in the processor's memory.</param>
    /// <param name="bytes">How many come, exactly.</param>
    /// <exception cref="MpiException">It could not begin.</exception>
    public void Receive(int from, int tag, nint address, long bytes) => Begin(isReceived: true, from, tag, address, bytes);

    /// <summary>Waits until all have come and gone. The batch is empty then.</summary>
    /// <exception cref="MpiException">One failed, or was longer or shorter than expected; the others are through.</exception>
    public void Wait() => Wait(CancellationToken.None);

    /// <summary>Waits as <see cref="Wait()"/> does, or until it is told to stop.</summary>
    /// <returns>Whether all have come and gone. If not, nothing more is written to what was to be received, but what was to be sent may be read as long as the process lives.</returns>
    internal bool Wait(CancellationToken cancellationToken)
    {
        nint[] requests = [.. _requests];
        MpiPiece[] pieces = [.. _pieces];
        _requests.Clear();
        _pieces.Clear();
        var ended = HaveEnded(requests, cancellationToken);
        if (ended is null)
        {
            // One that has begun to come comes; how it went matters to nobody.
            nint[] receives = [.. requests.Where((_, i) => pieces[i].IsReceived)];
            foreach (ref var request in receives.AsSpan()) Cancel(ref request);
            _ = HaveEnded(receives, CancellationToken.None);
            return false;
        }
        var failure = ended.Select((status, i) => pieces[i].Failure(status)).FirstOrDefault(failure => failure is not null);
        return failure is null ? true : throw failure;
    }

    private void Begin(bool isReceived, int rank, int tag, nint address, long bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rank);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(rank, _ranks.Size);
        ArgumentOutOfRangeException.ThrowIfNegative(tag);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(tag, short.MaxValue);
        ArgumentOutOfRangeException.ThrowIfNegative(bytes);
        if (address == 0 && bytes > 0) throw new ArgumentException("There are bytes, but no address.", nameof(address));

        // A message of no bytes is one too: whoever expects some is told.
        var at = 0L;
        do
        {
            var piece = new MpiPiece(isReceived, rank, tag, (int)Math.Min(MaxPiece, bytes - at));
            nint request = 0;
            MpiLibrary.Check(isReceived
                ? MpiFunctions.MPI_Irecv(address + (nint)at, piece.Bytes, MpiLibrary.Byte, rank, tag, _ranks.Handle, &request)
                : MpiFunctions.MPI_Isend(address + (nint)at, piece.Bytes, MpiLibrary.Byte, rank, tag, _ranks.Handle, &request));
            _pieces.Add(piece);
            _requests.Add(request);
            at += piece.Bytes;
        }
        while (at < bytes);
    }

    /// <summary>How each went, when all are through; null where the waiting was stopped.</summary>
    private static MpiStatus[]? HaveEnded(nint[] requests, CancellationToken cancellationToken)
    {
        // Not MPI_Waitall: in Open MPI 4.1 it waits for ever where a message is longer than expected.
        var statuses = new MpiStatus[requests.Length];
        for (var waits = new MpiWaits(); ; waits.Wait())
        {
            int code, ended = 0;
            fixed (nint* request = requests)
            fixed (MpiStatus* status = statuses)
                code = MpiFunctions.MPI_Testall(requests.Length, request, &ended, status);
            if (code == 0 && ended != 0)
            {
                // Only where some went wrong is that set.
                foreach (ref var status in statuses.AsSpan()) status.Error = 0;
                return statuses;
            }
            if (code == InStatus) return statuses;
            if (code != 0) throw MpiLibrary.Failure(nameof(MpiFunctions.MPI_Testall), code);
            if (cancellationToken.IsCancellationRequested) return null;
        }
    }

    private static void Cancel(ref nint request)
    {
        if (request == MpiLibrary.NoRequest) return;
        fixed (nint* address = &request) MpiLibrary.Check(MpiFunctions.MPI_Cancel(address));
    }
}
