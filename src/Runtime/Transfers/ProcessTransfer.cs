using TorchSharp;

namespace Lanyard.Transfers;

/// <summary>One process's part of a transfer between processes.</summary>
internal static class ProcessTransfer
{
    public static void Run(TransferPlan plan, int process, ITransferChannel channel, IParameterModule? source, RefitSession? target, CancellationToken cancellationToken)
    {
        Check(plan, process, source, target is null, needsTarget: true);
        using var noGrad = torch.no_grad();
        var exchange = new TransferExchange(plan, process, channel);
        SourceValues? given = null;
        TargetValues? taken = null;
        try
        {
            try
            {
                if (plan.Groups.Any(group => group.Runs.Any(run => run.Source == process))) given = new SourceValues(source!, plan, process);
                if (target is not null && plan.Groups.Any(group => group.Runs.Any(run => run.Target == process))) taken = new TargetValues(target, plan, process);
                foreach (var unit in TransferUnit.Of(plan))
                {
                    foreach (var run in unit.Group.Runs.Where(run => run.Source == process && run.Target == process)) LocalTransfer.Copy(unit, run, given!, taken!);
                }
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                // The others wait for what this one has, and must hear that it does not come.
                exchange.Fail(e);
            }
            exchange.Run(
                (piece, chunk) => piece.Pack(given!.Of(piece.Unit.Member.Sources[piece.Run.Parameter]), chunk),
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
            given?.Dispose();
        }
    }

    public static ReceivedTransfer Receive(TransferPlan plan, int process, ITransferChannel channel, IParameterModule? source, CancellationToken cancellationToken)
    {
        Check(plan, process, source, hasNoTarget: true, needsTarget: false);
        using var noGrad = torch.no_grad();
        var exchange = new TransferExchange(plan, process, channel);
        var received = new ReceivedTransfer(plan, process);
        SourceValues? given = null;
        try
        {
            try
            {
                if (plan.Groups.Any(group => group.Runs.Any(run => run.Source == process))) given = new SourceValues(source!, plan, process);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                // As above.
                exchange.Fail(e);
            }
            exchange.Run((piece, chunk) => piece.Pack(given!.Of(piece.Unit.Member.Sources[piece.Run.Parameter]), chunk), received.Keep, cancellationToken);
            return received;
        }
        catch
        {
            received.Dispose();
            throw;
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
