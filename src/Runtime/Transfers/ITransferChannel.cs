namespace Lanyard;

/// <summary>
/// What carries a transfer between processes: shared memory, MPI, NCCL, RDMA. Both ends know from the plan what comes, and in which order. Several transfers at once
/// need a channel each.
/// </summary>
public interface ITransferChannel
{
    /// <summary>
    /// Sends bytes to one process and receives as many as the other gives from another, both at once: neither waits for the other. It returns when the sent bytes may be
    /// overwritten and the received ones are there.
    /// </summary>
    /// <param name="to">The process to send to; negative for none.</param>
    /// <param name="sent">What is sent; empty for none.</param>
    /// <param name="from">The process to receive from; negative for none.</param>
    /// <param name="received">Where it is written: exactly as many bytes come.</param>
    /// <param name="cancellationToken">Stops the waiting. The channel is of no use for this transfer then.</param>
    /// <exception cref="OperationCanceledException">The waiting was stopped.</exception>
    void Exchange(int to, ReadOnlySpan<byte> sent, int from, Span<byte> received, CancellationToken cancellationToken);
}
