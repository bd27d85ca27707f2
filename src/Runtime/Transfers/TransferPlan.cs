using System.Collections.Immutable;
using Lanyard.Transfers;

namespace Lanyard;

/// <summary>
/// Which elements go from which process to which, so that every rank of one side has its weights from the ranks of the other: of another class over the same checkpoint names,
/// of other topologies, with replicas and pipeline stages on both sides. It is made from the maps alone, each element of each target comes once, and no rank holds
/// a whole tensor for it.
/// </summary>
public sealed class TransferPlan
{
    private ulong? _digest;

    internal TransferPlan(ImmutableArray<TransferRank> sources, ImmutableArray<TransferRank> targets, ImmutableArray<TransferGroup> groups)
    {
        (Sources, Targets, Groups) = (sources, targets, groups);
        foreach (var group in groups)
        {
            foreach (var run in group.Runs)
            {
                var bytes = group.BytesOf(run) * group.Members.Length;
                Elements += run.Count * group.Members.Length;
                if (run.Source == run.Target) LocalBytes += bytes;
                else SentBytes += bytes;
            }
        }
    }

    /// <summary>The ranks that have the weights.</summary>
    public ImmutableArray<TransferRank> Sources { get; }

    /// <summary>The ranks that they go to.</summary>
    public ImmutableArray<TransferRank> Targets { get; }

    /// <summary>The parameters, those together that are filled alike.</summary>
    public ImmutableArray<TransferGroup> Groups { get; }

    /// <summary>The elements that come to all targets.</summary>
    public long Elements { get; }

    /// <summary>The bytes that go from one process to another, in the smaller of the two types of each parameter.</summary>
    public long SentBytes { get; }

    /// <summary>The bytes that a process has of itself.</summary>
    public long LocalBytes { get; }

    /// <summary>The parameters of the target side that are filled.</summary>
    public int Parameters => Groups.Sum(group => group.Members.Length);

    /// <summary>What tells plans apart: processes with the same digest have the same plan.</summary>
    public ulong Digest => _digest ??= TransferFile.DigestOf(this);

    /// <summary>Plans a transfer.</summary>
    /// <param name="sources">The side that has the weights.</param>
    /// <param name="targets">The side that they go to. What it declares as a constant, and parameters that no tensor fills, are made there by the refit.</param>
    /// <param name="options">Whether elements may be rounded; null for only where the target's source has <c>Cast</c>.</param>
    /// <exception cref="TransferException">
    /// A target needs elements that no source has, the sides differ in the shape, the type or the meaning of a tensor, or a topology does not divide a class: all are listed.
    /// </exception>
    /// <exception cref="InvalidOperationException">The declarations of a class contradict each other.</exception>
    public static TransferPlan Between(TransferSide sources, TransferSide targets, LoadOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(sources);
        ArgumentNullException.ThrowIfNull(targets);
        return new TransferPlan(sources.Ranks, targets.Ranks, TransferBuilder.Build(sources, targets, options ?? LoadOptions.Default));
    }

    /// <summary>What each process sends to each other, in bytes, as <see cref="SentBytes"/> counts.</summary>
    public IReadOnlyDictionary<(int Source, int Target), long> Messages()
    {
        var messages = new Dictionary<(int, int), long>();
        foreach (var group in Groups)
        {
            foreach (var run in group.Runs.Where(run => run.Source != run.Target))
            {
                messages[(run.Source, run.Target)] = messages.GetValueOrDefault((run.Source, run.Target)) + (group.BytesOf(run) * group.Members.Length);
            }
        }
        return messages;
    }

    /// <summary>Reads a plan that <see cref="Write"/> wrote.</summary>
    /// <param name="stream">The file.</param>
    /// <exception cref="InvalidDataException">It is no plan, or was changed.</exception>
    public static TransferPlan Read(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return TransferFile.Read(stream);
    }

    /// <summary>Writes the plan, so that every process has the same one: JSON, as docs/transfer.md describes it.</summary>
    /// <param name="stream">The file.</param>
    public void Write(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        TransferFile.Write(stream, this);
    }

    /// <summary>Copies the weights between models of one process, each element straight from its place to its place.</summary>
    /// <param name="sources">The models of the source side by their processes: all from which a target takes anything.</param>
    /// <param name="targets">Sessions of the models of the target side; the others are left alone. Prepare and commit them afterwards.</param>
    /// <param name="cancellationToken">Stops between parameters. The sessions cannot be committed then.</param>
    /// <exception cref="TransferException">A model is not what the plan was made for; nothing was written.</exception>
    /// <exception cref="ModelStateException">A source is not loaded, or a session has ended.</exception>
    /// <exception cref="OperationCanceledException">The transfer was stopped.</exception>
    public void Run(IReadOnlyDictionary<int, IParameterModule> sources, IReadOnlyDictionary<int, RefitSession> targets, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(sources);
        ArgumentNullException.ThrowIfNull(targets);
        LocalTransfer.Run(this, sources, targets, cancellationToken);
    }

    /// <summary>Does one process's part of a transfer between processes: all that are in the plan call it, each with its own models.</summary>
    /// <param name="process">This process.</param>
    /// <param name="channel">What carries the elements.</param>
    /// <param name="source">Its model of the source side; null where it is not on that.</param>
    /// <param name="target">A session of its model of the target side; null where it is not on that. Prepare and commit it afterwards, best by the vote of all: other processes may have failed.</param>
    /// <param name="cancellationToken">Stops the waiting for others.</param>
    /// <exception cref="ArgumentException">The process is not in the plan, or a model lacks.</exception>
    /// <exception cref="TransferException">A model is not what the plan was made for, or another process has failed or has another plan: the session cannot be committed then.</exception>
    /// <exception cref="OperationCanceledException">The transfer was stopped.</exception>
    public void Run(int process, ITransferChannel channel, IParameterModule? source, RefitSession? target, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(channel);
        ProcessTransfer.Run(this, process, channel, source, target, cancellationToken);
    }

    /// <summary>As <see cref="Run(int, ITransferChannel, IParameterModule?, RefitSession?, CancellationToken)"/>, but what comes from other processes is kept beside the models, and what a process has of itself is left where it is.</summary>
    /// <param name="process">This process.</param>
    /// <param name="channel">What carries the elements.</param>
    /// <param name="source">Its model of the source side; null where it is not on that.</param>
    /// <param name="cancellationToken">Stops the waiting for others.</param>
    /// <returns>What came.</returns>
    public ReceivedTransfer Receive(int process, ITransferChannel channel, IParameterModule? source, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(channel);
        return ProcessTransfer.Receive(this, process, channel, source, cancellationToken);
    }

    /// <summary>The plan in a line.</summary>
    public override string ToString() => $"{Parameters} parameters from {Sources.Length} ranks to {Targets.Length}: {SentBytes} bytes between processes, {LocalBytes} within one, {Groups.Sum(group => group.Runs.Length)} runs in {Groups.Length} groups";
}
