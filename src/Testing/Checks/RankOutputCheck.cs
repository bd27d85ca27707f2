using Lanyard.Testing.Weights;
using static TorchSharp.torch;

namespace Lanyard.Testing.Checks;

/// <summary>Runs a model on ranks that are threads, and compares what each returns with what one rank returns that holds everything.</summary>
internal static class RankOutputCheck
{
    public static double Run<TModel>(Func<Topology, TModel> make, Func<TModel, Tensor> run, IEnumerable<Topology> ranks, string? checkpoint, double tolerance, Findings findings)
        where TModel : nn.Module, IParameterModule
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var whole = make(Topology.Single);
        using var opened = checkpoint is null ? null : Checkpoints.Checkpoint.Open(checkpoint);
        var random = opened is null ? new RandomTensors(new Random(1)).Of(whole.ExpectedTensors(Formats.Of(whole)[0])) : [];
        Load(whole);
        using var expected = run(whole);
        var most = 0.0;
        foreach (var topology in ranks)
        {
            var outputs = InProcessRanks.Run(topology.TensorSize, topology.ExpertSize, (rank, collectives) =>
            {
                using var noGrad = no_grad();
                using var part = make(rank with { ExpertPlacement = topology.ExpertPlacement });
                Load(part);
                using var output = run(part.Join(collectives));
                return output.cpu().clone().DetachFromDisposeScope();
            });
            foreach (var (i, output) in outputs.Index())
            {
                using (output) most = Math.Max(most, OutputCheck.Compare(ModelTestCheck.Ranks, $"rank {i} of {RankCheck.Sizes(topology)}", expected.cpu(), output, tolerance, findings));
            }
        }
        return most;

        void Load(TModel model)
        {
            if (opened is not null)
            {
                _ = LoadPlan.Create(model, opened).Execute();
                return;
            }
            using var refit = model.BeginRefit(RefitMode.InPlace, RefitScope.Whole, new LoadOptions { Format = Formats.Of(model)[0], Convention = "" });
            refit.Write(random);
            _ = refit.Commit();
        }
    }
}
