using TorchSharp;
using static TorchSharp.torch;

namespace Lanyard.Tests.Field;

/// <summary>Experts whose number is rounded up for a kernel are placed anew as a load would place them, with repeated scales, constants and zero tails.</summary>
public sealed class PaddedExpertsTests : IDisposable
{
    private readonly PlacesScene _scene = new();
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose()
    {
        _scope.Dispose();
        _scene.Dispose();
    }

    [Fact]
    public void Padded_experts_are_placed_as_loaded()
    {
        foreach (var scales in new[] { true, false })
        {
            foreach (var after in new[] { "2 0,1 3 4", "2 0 1 1,3 4", "1,0 2 3 4", ",0 1 2 3 4", "2 1 0 2 2 1,3 4", "0 3 1,2 4", "4,0 1 2 3" })
            {
                foreach (var mode in PlacesScene.Modes)
                {
                    using var model = Loaded(Rank("0 1 2,3 4", 0), Weights(1, scales));
                    var report = model.PlaceExperts(ReplicatedExpertsTests.Placement(after));
                    using (var refit = model.BeginRefit(mode, RefitScope.Subset))
                    {
                        foreach (var name in report.Missing) refit.Write(name, Weights(1, scales)[name]);
                        refit.Commit();
                    }
                    using var expected = Loaded(Rank(after, 0), Weights(1, scales));
                    Assert.Equal(Text(expected), Text(model));
                    var held = model.Checksums();
                    held.Compare(WeightChecksums.Of(Weights(1, scales).Select(item => (item.Key, item.Value)), held)).ThrowUnlessProven();
                    model.PlaceExperts(ReplicatedExpertsTests.Placement("0 1 2,3 4"));
                    PlacesScene.Refit(model, Weights(1, scales), mode);
                    using var again = Loaded(Rank("0 1 2,3 4", 0), Weights(1, scales));
                    Assert.Equal(Text(again), Text(model));
                }
            }
        }
    }

    private static Topology Rank(string placement, int rank) => new(0, 1, rank, placement.Split(',').Length) { ExpertPlacement = ReplicatedExpertsTests.Placement(placement) };

    private static Dictionary<string, Tensor> Weights(int from, bool scales = true)
    {
        var tensors = new Dictionary<string, Tensor>();
        for (var e = 0; e < 5; e++)
        {
            tensors.Add($"experts.{e}.weight", torch.tensor(new float[] { from + e, from + e + 0.5f }));
            if (scales) tensors.Add($"experts.{e}.scale", torch.full(1, from + e + 0.25f));
            tensors.Add($"experts.{e}.bias", torch.full(2, from + e + 0.75f));
        }
        tensors.Add("router", cat([arange(from, from + 10, ScalarType.Float32).reshape(2, 5), zeros(2, 3)], 1));
        return tensors;
    }

    private PaddedExperts Loaded(Topology topology, Dictionary<string, Tensor> weights)
    {
        var model = new PaddedExperts(topology);
        _scene.Files.Load(model, weights);
        return model;
    }

    private static string Text(IParameterModule model) => string.Join("\n", ((nn.Module)model).state_dict().OrderBy(item => item.Key, StringComparer.Ordinal).Select(item => $"{item.Key} {item.Value.dtype} {((nn.Module)model).get_parameter(item.Key)?.requires_grad} {string.Join("x", item.Value.shape)}: {(item.Value.numel() == 0 ? "" : string.Join(" ", PlacesScene.Values(item.Value)))}"));
}
