using System.Collections.Concurrent;

namespace Lanyard.Distributed;

/// <summary>
/// Carries a <see cref="TransferPlan"/> by messages of MPI: the plan's processes are the ranks of the job. Where the transfer cannot be stopped (its token is <see cref="CancellationToken.None"/>),
/// elements are sent from the plan's own memory. It belongs to one transfer at a time.
/// </summary>
public sealed unsafe class MpiTransferChannel : ITransferChannel
{
    // Whoever was to receive what was stopped may read it as long as the process lives.
    private static readonly ConcurrentBag<byte[]> NeverFreed = [];

    private readonly MpiMessages _messages;
    private readonly int _tag;
    private byte[] _copy = [];
    private bool _wasStopped;

    /// <summary>Makes a channel.</summary>
    /// <param name="messages">What carries the messages.</param>
    /// <param name="tag">The tag of all its messages, the same in all processes, 0 to 32767: transfers that go on at once have one each.</param>
    public MpiTransferChannel(MpiMessages messages, int tag)
    {
        ArgumentNullException.ThrowIfNull(messages);
        ArgumentOutOfRangeException.ThrowIfNegative(tag);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(tag, short.MaxValue);
        (_messages, _tag) = (messages, tag);
    }

    /// <inheritdoc/>
    /// <exception cref="MpiException">Open MPI failed, another number of bytes came, or an exchange was stopped before: what was under way then may still come under this tag.</exception>
    public void Exchange(int to, ReadOnlySpan<byte> sent, int from, Span<byte> received, CancellationToken cancellationToken)
    {
        if (_wasStopped) throw new MpiException(nameof(MpiTransferChannel), 0, "An exchange was stopped: take a channel with another tag, in all processes.");
        cancellationToken.ThrowIfCancellationRequested();
        if (to >= 0 && cancellationToken.CanBeCanceled)
        {
            if (_copy.Length < sent.Length) _copy = GC.AllocateUninitializedArray<byte>(sent.Length, pinned: true);
            sent.CopyTo(_copy);
            sent = _copy.AsSpan(0, sent.Length);
        }
        fixed (byte* given = sent, taken = received)
        {
            var batch = _messages.Begin();
            if (from >= 0) batch.Receive(from, _tag, (nint)taken, received.Length);
            if (to >= 0) batch.Send(to, _tag, (nint)given, sent.Length);
            if (batch.Wait(cancellationToken)) return;
        }
        _wasStopped = true;
        NeverFreed.Add(_copy);
        cancellationToken.ThrowIfCancellationRequested();
    }
}
