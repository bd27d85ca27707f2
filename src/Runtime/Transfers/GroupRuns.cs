using System.Collections.Immutable;
using Lanyard.Checkpoints;
using Lanyard.Memory;

namespace Lanyard.Transfers;

/// <summary>Makes the runs of a group: each element of each target once, from a process that has it.</summary>
/// <param name="group">The group.</param>
/// <param name="loads">What each process sends.</param>
/// <param name="most">Pieces of more bytes, of all members together, are shared out among those that have them.</param>
/// <param name="problems">Elements that nobody has are added to it.</param>
internal sealed class GroupRuns(PlannedGroup group, TransferLoads loads, long most, List<TransferProblem> problems)
{
    private readonly Dictionary<(int Target, int Source, int Parameter), List<RegionPair>> _runs = [];
    private readonly ImmutableArray<long> _elementBytes = [.. group.Sources.Select(source => (long)CheckpointTypes.FromScalarType(TransferGroup.Smaller(source.Parameter.Bound.ModelType, group.Target.Parameter.Bound.ModelType)).Size())];

    /// <summary>The runs, ordered by target, source and source parameter.</summary>
    public ImmutableArray<TransferRun> Make()
    {
        for (var tensor = 0; tensor < group.Tensors.Length; tensor++)
        {
            var homes = group.Tensors[tensor].SelectMany(home => home.Layout.HoldersOf(home.Tensor).Select(holder => (home.Source, Holder: holder))).ToList();
            foreach (var holder in group.Target.HoldersOf(tensor))
            {
                foreach (var target in holder.Processes) Fill(tensor, target, holder.Regions, homes);
            }
        }
        return
        [
            .. from run in _runs
               orderby run.Key.Target, run.Key.Source, run.Key.Parameter
               from pair in RunJoiner.Join(run.Value)
               select new TransferRun(run.Key.Source, run.Key.Target, run.Key.Parameter, [.. pair.Loops.Select(loop => loop.Size)], pair.Source, [.. pair.Loops.Select(loop => loop.Source)], pair.Target, [.. pair.Loops.Select(loop => loop.Target)]),
        ];
    }

    private void Fill(int tensor, int target, ImmutableArray<Region> regions, List<(int Source, SideLayout.Holder Holder)> homes)
    {
        List<Region> left = [.. regions];
        foreach (var (source, holder) in homes.OrderByDescending(home => home.Holder.Processes.Contains(target)).ThenBy(home => home.Holder.Processes.Min(loads.Of)))
        {
            if (left.Count == 0) return;
            var pairs = new List<RegionPair>();
            foreach (var given in holder.Regions)
            {
                var rest = new List<Region>();
                foreach (var wanted in left) RegionSplit.Run(wanted, given, pairs, rest);
                left = rest;
            }
            foreach (var pair in pairs) Give(pair, source, target, holder.Processes);
        }
        if (left.Count == 0) return;
        var name = group.NameOf(tensor);
        var shape = group.Target.Tensors[tensor].Shape;
        foreach (var region in left)
            problems.Add(new TransferProblem(TransferProblemKind.Missing, name, null, $"{region.Count} elements of {Shapes.Text(shape)}, {Shapes.Position(region.Tensor, shape)} to {Shapes.Position(region.End - 1, shape)}, are needed by process {target}, and no process of the source side has them", target));
    }

    /// <summary>Enters elements that some processes have: one of them gives them, or several their shares.</summary>
    private void Give(RegionPair pair, int source, int target, ImmutableArray<int> processes)
    {
        var bytes = pair.Count * _elementBytes[source] * group.Members.Count;
        if (processes.Length > 1 && bytes > most && !processes.Contains(target) && pair.Loops.Length > 0)
        {
            var longest = 0;
            for (var i = 1; i < pair.Loops.Length; i++)
            {
                if (pair.Loops[i].Size > pair.Loops[longest].Size) longest = i;
            }
            var loop = pair.Loops[longest];
            var shares = Math.Min(Math.Min(processes.Length, loop.Size), (bytes / Math.Max(most, 1)) + 1);
            for (var share = 0L; share < shares; share++)
            {
                var (from, to) = (loop.Size * share / shares, loop.Size * (share + 1) / shares);
                PairLoop[] loops = [.. pair.Loops];
                loops[longest] = loop with { Size = to - from };
                Enter(new RegionPair(pair.Target + (from * loop.Target), pair.Source + (from * loop.Source), to - from == 1 ? [.. loops.Where(part => part.Size > 1)] : loops), source, target, processes);
            }
            return;
        }
        Enter(pair, source, target, processes);
    }

    private void Enter(RegionPair pair, int source, int target, ImmutableArray<int> processes)
    {
        var process = loads.Choose(processes, target);
        loads.Add(process, target, pair.Count * _elementBytes[source] * group.Members.Count);
        var key = (target, process, source);
        if (!_runs.TryGetValue(key, out var runs)) _runs.Add(key, runs = []);
        runs.Add(pair);
    }
}
