using System.Collections.Immutable;
using Lanyard.Copies;
using Lanyard.Memory;
using TorchSharp;

namespace Lanyard.Transfers;

/// <summary>A transfer between models of one process.</summary>
internal static class LocalTransfer
{
    public static void Run(TransferPlan plan, IReadOnlyDictionary<int, IParameterModule> sources, IReadOnlyDictionary<int, RefitSession> targets, CancellationToken cancellationToken)
    {
        Check(plan, sources, targets);
        using var noGrad = torch.no_grad();
        var (given, taken) = (new Dictionary<int, SourceValues>(), new Dictionary<int, TargetValues>());
        try
        {
            // All are compared with the plan before the first is written.
            foreach (var process in plan.Groups.SelectMany(group => group.Runs).Where(run => targets.ContainsKey(run.Target)).Select(run => run.Source).Distinct().Order()) given.Add(process, new SourceValues(sources[process], plan, process));
            CheckVersions(given);
            foreach (var (process, session) in targets) taken.Add(process, new TargetValues(session, plan, process));
            foreach (var unit in TransferUnit.Of(plan))
            {
                cancellationToken.ThrowIfCancellationRequested();
                foreach (var run in unit.Group.Runs.Where(run => taken.ContainsKey(run.Target))) Copy(unit, run, given[run.Source], taken[run.Target]);
            }
            foreach (var target in taken.Values) target.End();
        }
        catch (Exception e)
        {
            foreach (var target in taken.Values) target.Fail(e);
            throw;
        }
        finally
        {
            foreach (var target in taken.Values) target.Dispose();
            foreach (var source in given.Values) source.Dispose();
        }
    }

    /// <summary>Copies the elements of a run within this process.</summary>
    public static void Copy(TransferUnit unit, TransferRun run, SourceValues source, TargetValues target) =>
        SlotCopy.Run(source.Of(unit.Member.Sources[run.Parameter]), target.Of(unit.Member.Target).Value, new StridedCopy(run.Sizes, run.SourceOffset, run.SourceStrides, run.TargetOffset, run.TargetStrides));

    /// <summary>Weights of two versions are a mixture. Where nobody said what they are called, nobody knows.</summary>
    private static void CheckVersions(Dictionary<int, SourceValues> given)
    {
        if (given.FirstOrDefault(source => source.Value.Version is not null) is not { Value.Version: { } version }) return;
        var others = given.Where(source => source.Value.Version is { } other && other != version).OrderBy(source => source.Key);
        ImmutableArray<TransferProblem> problems = [.. others.Select(source => new TransferProblem(TransferProblemKind.WrongValues, $"process {source.Key}", $"version {version}", $"version {source.Value.Version}", source.Key))];
        if (!problems.IsEmpty) throw new TransferException("The sources have weights of several versions", problems);
    }

    private static void Check(TransferPlan plan, IReadOnlyDictionary<int, IParameterModule> sources, IReadOnlyDictionary<int, RefitSession> targets)
    {
        if (targets.Keys.FirstOrDefault(process => !plan.Targets.Any(rank => rank.Process == process), -1) is >= 0 and var stranger) throw new ArgumentException($"Process {stranger} is not on the target side of the plan.", nameof(targets));
        int[] missing = [.. plan.Groups.SelectMany(group => group.Runs).Where(run => targets.ContainsKey(run.Target) && !sources.ContainsKey(run.Source)).Select(run => run.Source).Distinct().Order()];
        if (missing.Length > 0) throw new ArgumentException($"The models of process {string.Join(", ", missing)} are needed: the targets take elements of {(missing.Length == 1 ? "it" : "them")}.", nameof(sources));
    }
}
