namespace Lanyard;

/// <summary>
/// Where a group of ranks keeps what it has decided, outside of the processes that may die: small records, each created once under its name and never changed or removed
/// while the group lives.
/// </summary>
/// <remarks>
/// <para>
/// What a group relies on, and a store of one's own must keep. All records are seen in one order by all (it is linearizable): when a call has returned a record, every call that begins
/// afterwards, in any process, returns the same one for this name, and when <see cref="Find"/> has returned null, no <see cref="Create"/> for this name had ended before
/// it began. So a replica that lags may not answer. A record that was returned survives the loss of every process, and of the store's own (it is durable). Nobody sees half a record.
/// </para>
/// <para>
/// A store that cannot be reached, or does not answer in a time that it chooses (some seconds; no call may hang), throws <see cref="DecisionStoreException"/>. Of <see cref="Create"/> that means:
/// nobody knows whether the record was created, or will be yet, for what was sent may arrive later. The caller calls again, with the same record or another,
/// and is told what is there. The same holds where the waiting was cancelled.
/// </para>
/// <para>
/// Names have parts between slashes, of lower-case ASCII letters, digits, <c>-</c>, <c>_</c> and <c>.</c>, each of which begins with a letter or a digit: <c>engine/12/rank-3</c>. They have at most
/// 200 characters; no name is the beginning of another one's parts. Records are text without lone surrogates, at most 64 KiB in UTF-8, and come back as they were. Calls come from any thread, many at a time.
/// </para>
/// </remarks>
public interface IDecisionStore
{
    /// <summary>Finds a record.</summary>
    /// <param name="name">The record's name.</param>
    /// <param name="cancellationToken">Stops the waiting for the store.</param>
    /// <returns>The record, or null where there is none.</returns>
    /// <exception cref="DecisionStoreException">The store cannot be reached, or what is there under this name is no record.</exception>
    /// <exception cref="OperationCanceledException">The waiting was stopped.</exception>
    string? Find(string name, CancellationToken cancellationToken = default);

    /// <summary>Creates a record unless there is one of this name: of any number of callers at once, one creates it.</summary>
    /// <param name="name">The record's name.</param>
    /// <param name="record">What it says.</param>
    /// <param name="cancellationToken">Stops the waiting for the store.</param>
    /// <returns>The record that is there now: the caller's, or the one that was there before.</returns>
    /// <exception cref="DecisionStoreException">The store cannot be reached, or what is there under this name is no record. Whether the caller's was created is not known.</exception>
    /// <exception cref="OperationCanceledException">The waiting was stopped. Whether the record was created is not known.</exception>
    string Create(string name, string record, CancellationToken cancellationToken = default);
}
