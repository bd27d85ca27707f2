using Lanyard.Tests.Checksums;
using TorchSharp;
using static TorchSharp.torch;

namespace Lanyard.Tests.Field;

/// <summary>
/// vllm 40160, 12342, 12524 and 34142: the middle third of a fused bias, of keys that have none, was never written. It is a declared constant:
/// every load and refit writes it, checksums cover it, no file has it.
/// </summary>
public sealed class BiasWithoutItsMiddleTests : IDisposable
{
    private static readonly float[] Right = [1, 2, 3, 4, 0, 0, 0, 0, 5, 6, 7, 8];

    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly PlacesScene _scene = new();
    private readonly Dictionary<string, Tensor> _given = PlacesScene.Tensors(("q_proj.bias", [1, 2, 3, 4]), ("v_proj.bias", [5, 6, 7, 8]));

    public void Dispose()
    {
        _scope.Dispose();
        _scene.Dispose();
    }

    [Fact]
    public void A_load_writes_the_middle()
    {
        using var model = Loaded();
        Assert.Equal(Right, PlacesScene.Values(model.Bias));
        Proofs.Holds(model, _given);
        _scene.Exports(model, _given);
    }

    [Fact]
    public void A_rank_has_its_share_of_the_middle_and_all_ranks_merge()
    {
        BiasedProjections[] ranks = [Loaded(new Topology(0, 2)), Loaded(new Topology(1, 2))];
        Assert.Equal([1f, 2, 0, 0, 5, 6], PlacesScene.Values(ranks[0].Bias));
        Assert.Equal([3f, 4, 0, 0, 7, 8], PlacesScene.Values(ranks[1].Bias));
        foreach (var rank in ranks) Proofs.Holds(rank, _given);
        _scene.Merges(ranks, _given);
        foreach (var rank in ranks) rank.Dispose();
    }

    [Fact]
    public void Every_refit_writes_the_middle_also_one_of_queries_alone()
    {
        using var model = Loaded();
        foreach (var mode in PlacesScene.Modes)
        {
            foreach (var refit in new Action[]
            {
                () => PlacesScene.Refit(model, _given, mode),
                () => PlacesScene.Streamed(model, _given, mode),
                () => PlacesScene.Refit(model, _given.Where(tensor => tensor.Key == "q_proj.bias"), mode, RefitScope.Subset),
            })
            {
                Spoil(model);
                refit();
                Assert.Equal(Right, PlacesScene.Values(model.Bias));
                Proofs.Holds(model, _given);
            }
            PlacesScene.Patch(model, "v_proj.bias", mode, (1, 60));
            Assert.Equal([1f, 2, 3, 4, 0, 0, 0, 0, 5, 60, 7, 8], PlacesScene.Values(model.Bias));
            PlacesScene.Patch(model, "v_proj.bias", mode, (1, 6));
        }
        model.Parameters.Bias.Load("q_proj.bias", _given["q_proj.bias"]);
        Assert.Equal(Right, PlacesScene.Values(model.Bias));
        model.to(ScalarType.BFloat16);
        PlacesScene.Refit(model, _given.Select(tensor => KeyValuePair.Create(tensor.Key, tensor.Value.to_type(ScalarType.BFloat16))), RefitMode.Staged);
        Assert.Equal(Right, PlacesScene.Values(model.Bias));
    }

    [Fact]
    public void A_value_that_somebody_wrote_there_is_a_fault_and_is_not_exported()
    {
        using var model = Loaded();
        Spoil(model);
        var report = Proofs.Compare(model, _given);
        Assert.False(report.IsProof);
        Assert.Equal(("bias", "elements that are declared to be 0 have other values"), (Assert.Single(report.Faults).Parameter, report.Faults[0].Fault));
        var problem = Assert.Single(_scene.NotExported(model).Problems);
        Assert.Equal((ExportProblemKind.NoConstant, "bias"), (problem.Kind, problem.Name));
    }

    [Fact]
    public void A_format_that_stores_the_part_brings_and_writes_it()
    {
        using var model = Loaded();
        var fused = PlacesScene.Tensors(("qkv.bias", [1, 2, 3, 4, 9, 9, 9, 9, 5, 6, 7, 8]));
        PlacesScene.Refit(model, fused, RefitMode.Staged);
        Assert.Equal(PlacesScene.Values(fused["qkv.bias"]), PlacesScene.Values(model.Bias));
        Proofs.Holds(model, fused, "fused");
        _scene.Exports(model, fused, "fused");

        // The other format has no room for it.
        Assert.Equal(ExportProblemKind.NoConstant, Assert.Single(_scene.NotExported(model, "").Problems).Kind);
        PlacesScene.Refit(model, _given, RefitMode.InPlace);
        Assert.Equal(Right, PlacesScene.Values(model.Bias));
    }

    [Fact]
    public void A_bias_of_keys_in_a_file_is_unexpected()
    {
        using var model = new BiasedProjections();
        _given.Add("k_proj.bias", torch.tensor([0f, 0, 0, 0]));
        var problem = Assert.Single(_scene.Files.Refused(model, _given));
        Assert.Equal((LoadProblemKind.Unexpected, "k_proj.bias"), (problem.Kind, problem.Tensor));
    }

    private BiasedProjections Loaded(Topology? topology = null)
    {
        var model = new BiasedProjections(topology);
        _scene.Files.Load(model, _given);
        return model;
    }

    /// <summary>Writes to the middle, past all rules.</summary>
    private static void Spoil(BiasedProjections model)
    {
        using var middle = model.Bias.slice(0, 4, 6, 1);
        using var noGrad = no_grad();
        middle.add_(7);
    }
}
