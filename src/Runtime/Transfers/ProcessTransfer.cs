using TorchSharp;

namespace Lanyard.Transfers;

/// <summary>One process's part of a transfer between processes.</summary>
internal static class ProcessTransfer
{
    public static void Run(TransferPlan plan, int process, ITransferChannel channel, IParameterModule? source, RefitSession? target, CancellationToken cancellationToken)
    {
        Check(plan, process, source, target is null, needsTarget: true);
        using var noGrad = torch.no_grad();
        TargetValues? taken = null;
        try
        {
            Exchange(
                plan,
                process,
                channel,
                source,
                (runs, given) =>
                {
                    if (target is not null && runs.HasTarget(process)) taken = new TargetValues(target, plan, process);
                    foreach (var (unit, run) in runs.Of(process, process)) LocalTransfer.Copy(unit, run, given!, taken!);
                },
                (piece, chunk) =>
                {
                    var to = taken!.Of(piece.Unit.Member.Target);
                    piece.Unpack(to.Value, to.Address, chunk);
                },
                cancellationToken);
            taken?.End();
        }
        catch (Exception e)
        {
            taken?.Fail(e);
            throw;
        }
        finally
        {
            taken?.Dispose();
        }
    }

    public static ReceivedTransfer Receive(TransferPlan plan, int process, ITransferChannel channel, IParameterModule? source, CancellationToken cancellationToken)
    {
        Check(plan, process, source, hasNoTarget: true, needsTarget: false);
        using var noGrad = torch.no_grad();
        var received = new ReceivedTransfer(plan, process, source);
        try
        {
            Exchange(plan, process, channel, source, (_, _) => { }, received.Keep, cancellationToken);
            return received;
        }
        catch
        {
            received.Dispose();
            throw;
        }
    }

    /// <summary>Gives others what they need, and takes what they give.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="process">This process.</param>
    /// <param name="channel">What carries the bytes.</param>
    /// <param name="source">Its model of the source side, or null.</param>
    /// <param name="begin">What is done before the first byte goes, with the values of the model.</param>
    /// <param name="take">Takes a piece of a chunk.</param>
    /// <param name="cancellationToken">Stops the waiting for others.</param>
    private static void Exchange(TransferPlan plan, int process, ITransferChannel channel, IParameterModule? source, Action<ProcessRuns, SourceValues?> begin, Action<TransferPiece, nint> take, CancellationToken cancellationToken)
    {
        var runs = new ProcessRuns(plan, process);
        var exchange = new TransferExchange(plan, process, runs, channel);
        SourceValues? given = null;
        try
        {
            try
            {
                if (runs.HasSource(process)) given = new SourceValues(source!, plan, process);
                exchange.Give(given?.Version);
                begin(runs, given);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                // The others wait for what this one has, and must hear that it does not come.
                exchange.Fail(e);
            }
            exchange.Run((piece, chunk) => piece.Pack(given!.Of(piece.Unit.Member.Sources[piece.Run.Parameter]), chunk), take, cancellationToken);
        }
        finally
        {
            given?.Dispose();
        }
    }

    private static void Check(TransferPlan plan, int process, IParameterModule? source, bool hasNoTarget, bool needsTarget)
    {
        if (source is null && plan.Sources.Any(rank => rank.Process == process)) throw new ArgumentException($"Process {process} is on the source side of the plan: its model is needed.", nameof(source));
        if (needsTarget && hasNoTarget && plan.Targets.Any(rank => rank.Process == process)) throw new ArgumentException($"Process {process} is on the target side of the plan: a session of its model is needed.", "target");
    }
}
