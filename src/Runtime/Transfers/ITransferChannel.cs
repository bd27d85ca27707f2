namespace Lanyard;

/// <summary>
/// What carries a transfer between processes: shared memory, MPI, NCCL, RDMA. It lends its own memory, so that elements go from a parameter into what is sent, and from what has come into a
/// parameter, without a copy between. Both ends know from the plan what comes, and in which order. Several transfers at once need a channel each.
/// </summary>
/// <remarks>
/// One message is filled while the one before is sent, and one is read while the next comes: no more than two are under way in each direction, and a channel needs memory for one at least.
/// </remarks>
public interface ITransferChannel
{
    /// <summary>Lends memory, and sends to a process what was written there. It waits until there is memory, but not until the message has arrived.</summary>
    /// <param name="to">The process to send to.</param>
    /// <param name="bytes">The bytes of the message.</param>
    /// <param name="fill">Writes the message, all of it; the memory has whatever was there before.</param>
    /// <param name="cancellationToken">Stops the waiting. The channel is of no use for this transfer then.</param>
    /// <exception cref="OperationCanceledException">The waiting was stopped.</exception>
    void Send(int to, int bytes, Action<Span<byte>> fill, CancellationToken cancellationToken);

    /// <summary>Says which message is received next, while another one may not have been received yet. It does not wait.</summary>
    /// <param name="from">The process that sends it.</param>
    /// <param name="bytes">The bytes of the message.</param>
    void Expect(int from, int bytes);

    /// <summary>Waits for the first of the messages that are expected, and lends the memory that it is in.</summary>
    /// <param name="take">Reads the message. The memory is the channel's again afterwards.</param>
    /// <param name="cancellationToken">Stops the waiting. The channel is of no use for this transfer then.</param>
    /// <exception cref="OperationCanceledException">The waiting was stopped.</exception>
    void Receive(Action<ReadOnlySpan<byte>> take, CancellationToken cancellationToken);

    /// <summary>Waits until nothing of this process is needed any more for what it has sent to arrive: the end of a transfer.</summary>
    /// <param name="cancellationToken">Stops the waiting. The channel is of no use for this transfer then.</param>
    /// <exception cref="OperationCanceledException">The waiting was stopped.</exception>
    void Flush(CancellationToken cancellationToken);
}
