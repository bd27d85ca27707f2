namespace Lanyard.Transfers;

/// <summary>What one process has to do by a plan, by the process at the other end. Looked up once: a plan has the runs of all processes, and each of these few.</summary>
internal sealed class ProcessRuns
{
    private readonly Dictionary<(int Source, int Target), List<(TransferGroup Group, List<TransferRun> Runs)>> _runs = [];

    public ProcessRuns(TransferPlan plan, int process)
    {
        foreach (var group in plan.Groups)
        {
            foreach (var alike in group.Runs.Where(run => run.Source == process || run.Target == process).GroupBy(run => (run.Source, run.Target)))
            {
                if (!_runs.TryGetValue(alike.Key, out var groups)) _runs.Add(alike.Key, groups = []);
                groups.Add((group, [.. alike]));
            }
        }
    }

    /// <summary>Whether the process gives anything.</summary>
    public bool HasSource(int process) => _runs.Keys.Any(pair => pair.Source == process);

    /// <summary>Whether the process takes anything.</summary>
    public bool HasTarget(int process) => _runs.Keys.Any(pair => pair.Target == process);

    /// <summary>What goes from one process to another, parameter by parameter in the order of the model.</summary>
    public IEnumerable<(TransferUnit Unit, TransferRun Run)> Of(int source, int target) =>
        _runs.GetValueOrDefault((source, target), [])
            .SelectMany(alike => TransferUnit.Of(alike.Group).Select(unit => (Unit: unit, alike.Runs)))
            .OrderBy(unit => unit.Unit.Member.Position)
            .SelectMany(unit => unit.Runs.Select(run => (unit.Unit, run)));
}
