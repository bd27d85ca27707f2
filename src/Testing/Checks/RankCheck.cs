using Lanyard.Checkpoints;
using Lanyard.Testing.Weights;

namespace Lanyard.Testing.Checks;

/// <summary>Makes each rank of a topology, loads and exports it, and compares what they are together with the whole model.</summary>
internal sealed class RankCheck(Findings findings, ScratchFolder scratch, Func<Topology, MadeModel> make)
{
    /// <summary>Makes every rank, and looks whether it is the one that was asked for. Returns whether all are.</summary>
    /// <param name="topology">Any rank of it.</param>
    public bool AreMade(Topology topology)
    {
        // One is enough: what is wrong with it is wrong with the others.
        foreach (var rank in All(topology))
        {
            var found = findings.Problems.Count;
            _ = findings.Try(ModelTestCheck.Ranks, Text(rank), () =>
            {
                using var model = make(rank);
                foreach (var set in model.Parameters.Select(item => item.Parameter.Owner).Distinct().Where(set => !IsOn(set.Topology, rank)))
                    findings.Add(ModelTestCheck.Ranks, Text(rank), "", $"{set.Map.Type} was made for {Text(set.Topology)}: does the factory hand its topology on?");
            });
            if (findings.Problems.Count > found) return false;
        }
        return true;
    }

    /// <summary>Loads and exports every rank.</summary>
    /// <param name="topology">Any rank of it.</param>
    /// <param name="set">What is loaded.</param>
    /// <param name="whole">What the whole model exported, or null where nothing is exported.</param>
    /// <param name="parameters">How many parameters the whole model has.</param>
    public void Run(Topology topology, WeightSet set, string? whole, int parameters)
    {
        var (exported, isDivided, areLoaded) = (new List<string>(), false, true);
        foreach (var rank in All(topology))
        {
            areLoaded &= findings.Try(ModelTestCheck.Ranks, $"{set.Label}, {Text(rank)}", () =>
            {
                using var model = make(rank);
                set.Load(model);
                isDivided |= model.Parameters.Count() < parameters || model.Parameters.SelectMany(item => item.Parameter.Owner.Axes).Any(axis => axis.Held.Runs(axis.Size).Sum(run => run.Count) != axis.Size);
                if (whole is null) return;
                exported.Add(scratch.Next());
                _ = model.Module.Export(exported[^1], new ExportOptions { Format = set.Format });
            });
        }
        var where = $"{set.Label}, {Sizes(topology)}";
        if (!areLoaded) return;
        if (!isDivided) findings.Add(ModelTestCheck.Ranks, Sizes(topology), "", "every rank holds everything: no axis is divided. Where that is meant, give no such Ranks");
        if (whole is null) return;
        _ = findings.Try(ModelTestCheck.Ranks, where, () =>
        {
            var merged = scratch.Next();
            _ = CheckpointMerge.Merge(exported, merged);
            Compare(whole, merged, where);
        });
    }

    private static bool IsOn(Topology found, Topology rank) =>
        (found.TensorRank, found.TensorSize, found.ExpertRank, found.ExpertSize, found.PipelineRank, found.PipelineSize) == (rank.TensorRank, rank.TensorSize, rank.ExpertRank, rank.ExpertSize, rank.PipelineRank, rank.PipelineSize);

    private void Compare(string whole, string merged, string where)
    {
        using Checkpoint expected = Checkpoint.Open(whole), found = Checkpoint.Open(merged);
        foreach (var name in expected.Tensors.Keys.Except(found.Tensors.Keys)) findings.Add(ModelTestCheck.Ranks, where, name, "the whole model exports it, and the ranks do not");
        foreach (var (name, stored) in found.Tensors)
        {
            if (!expected.Tensors.TryGetValue(name, out var other))
            {
                findings.Add(ModelTestCheck.Ranks, where, name, "the ranks export it, and the whole model does not");
                continue;
            }
            using TorchSharp.torch.Tensor left = expected.View(other), right = found.View(stored);
            if (TensorComparison.Difference(left, right) is { } difference) findings.Add(ModelTestCheck.Ranks, where, name, $"what the ranks export {difference}");
        }
    }

    private static IEnumerable<Topology> All(Topology topology) =>
        from tensor in Enumerable.Range(0, topology.TensorSize)
        from expert in Enumerable.Range(0, topology.ExpertSize)
        from stage in Enumerable.Range(0, topology.PipelineSize)
        select new Topology(tensor, topology.TensorSize, expert, topology.ExpertSize, stage, topology.PipelineSize) { ExpertPlacement = topology.ExpertPlacement, LayersOfStages = topology.LayersOfStages };

    private static string Text(Topology rank) => Text(("tensor-parallel rank", rank.TensorRank, rank.TensorSize), ("expert-parallel rank", rank.ExpertRank, rank.ExpertSize), ("pipeline stage", rank.PipelineRank, rank.PipelineSize));

    private static string Text(params (string Name, int Rank, int Size)[] ranks) =>
        string.Join(", ", ranks.Where(rank => rank.Size > 1).Select(rank => $"{rank.Name} {rank.Rank} of {rank.Size}")) is { Length: > 0 } text ? text : "one rank that holds everything";

    /// <summary>What a topology is, for messages.</summary>
    public static string Sizes(Topology topology) =>
        string.Join(" x ", new[] { (topology.TensorSize, "tensor-parallel ranks"), (topology.ExpertSize, "expert-parallel ranks"), (topology.PipelineSize, "pipeline stages") }.Where(size => size.Item1 > 1).Select(size => $"{size.Item1} {size.Item2}")) is { Length: > 0 } text ? text : "one rank";
}
