using Lanyard.Distributed.Messages;

namespace Lanyard.Distributed;

/// <summary>
/// Carries a <see cref="TransferPlan"/> by messages of MPI: the plan's processes are the ranks of the job. It sends from and receives into memory of its own, two messages each way. It belongs to
/// one transfer at a time.
/// </summary>
public sealed class MpiTransferChannel : ITransferChannel
{
    private readonly int _tag;
    private readonly Queue<MpiBuffer> _sent;
    private readonly Queue<MpiBuffer> _received;
    private readonly Queue<MpiBuffer> _expected = [];
    private bool _wasStopped;

    /// <summary>Makes a channel.</summary>
    /// <param name="messages">What carries the messages.</param>
    /// <param name="tag">The tag of all its messages, the same in all processes, 0 to 32767: transfers that go on at once have one each.</param>
    public MpiTransferChannel(MpiMessages messages, int tag)
    {
        ArgumentNullException.ThrowIfNull(messages);
        ArgumentOutOfRangeException.ThrowIfNegative(tag);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(tag, short.MaxValue);
        _tag = tag;
        _sent = new([new(messages), new(messages)]);
        _received = new([new(messages), new(messages)]);
    }

    /// <inheritdoc/>
    /// <exception cref="MpiException">Open MPI failed, or an exchange was stopped before: what was under way then may still come under this tag.</exception>
    public void Send(int to, int bytes, Action<Span<byte>> fill, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(fill);
        var buffer = _sent.Peek();
        Wait(buffer, cancellationToken);
        fill(buffer.Take(bytes));
        buffer.Send(to, _tag);
        _sent.Enqueue(_sent.Dequeue());
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">Two messages are expected already.</exception>
    /// <exception cref="MpiException">Open MPI failed.</exception>
    public void Expect(int from, int bytes)
    {
        if (!_received.TryPeek(out var buffer)) throw new InvalidOperationException("Two messages are expected already: receive one.");
        buffer.Take(bytes);
        buffer.Receive(from, _tag);
        _expected.Enqueue(_received.Dequeue());
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">No message is expected.</exception>
    /// <exception cref="MpiException">Open MPI failed, another number of bytes came, or an exchange was stopped before: what was under way then may still come under this tag.</exception>
    public void Receive(Action<ReadOnlySpan<byte>> take, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(take);
        if (!_expected.TryPeek(out var buffer)) throw new InvalidOperationException("No message is expected.");
        Wait(buffer, cancellationToken);
        take(buffer.Bytes);
        _received.Enqueue(_expected.Dequeue());
    }

    /// <inheritdoc/>
    /// <exception cref="MpiException">Open MPI failed, or an exchange was stopped before.</exception>
    public void Flush(CancellationToken cancellationToken)
    {
        foreach (var buffer in _sent) Wait(buffer, cancellationToken);
    }

    private void Wait(MpiBuffer buffer, CancellationToken cancellationToken)
    {
        if (_wasStopped) throw new MpiException(nameof(MpiTransferChannel), 0, "An exchange was stopped: take a channel with another tag, in all processes.");

        // Whatever ends the waiting otherwise leaves messages under way that a later transfer must not take for its own.
        _wasStopped = true;
        if (!cancellationToken.IsCancellationRequested && buffer.Wait(cancellationToken))
        {
            _wasStopped = false;
            return;
        }

        // Nobody will ask for what is expected.
        foreach (var expected in _expected) _ = expected.Wait(new CancellationToken(canceled: true));
        cancellationToken.ThrowIfCancellationRequested();
    }
}
