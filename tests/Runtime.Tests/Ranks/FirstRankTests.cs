using Lanyard.Checkpoints;
using Lanyard.Tests.Export;
using Lanyard.Tests.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace Lanyard.Tests.Ranks;

/// <summary>A parameter that the first rank alone holds: the others have one of the same shape, which is zero after everything that loads.</summary>
public sealed class FirstRankTests : IDisposable
{
    private readonly ExportScene _scene = new();
    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly Dictionary<string, Tensor> _first = Weights(), _second = Weights();

    public static TheoryData<int> Ranks => [1, 2, 3, 4];

    public void Dispose()
    {
        _scope.Dispose();
        _scene.Dispose();
    }

    [Theory]
    [MemberData(nameof(Ranks))]
    public void Every_rank_has_the_shape_and_the_first_the_values(int ranks)
    {
        for (var rank = 0; rank < ranks; rank++)
        {
            using var model = Loaded(rank, ranks, _first);
            Check(model, _first);
            foreach (var mode in new[] { RefitMode.Staged, RefitMode.InPlace })
            {
                Refit(model, mode, RefitScope.Whole, refit => refit.Write(_second));
                Check(model, _second);
                Refit(model, mode, RefitScope.Whole, refit =>
                {
                    // One by one, and bias by bias from both ends.
                    foreach (var (name, tensor) in _first.Reverse())
                    {
                        for (var i = tensor.shape[0] - 1; i >= 0; i--) refit.Write(name, tensor.narrow(0, i, 1), [i, .. tensor.shape.Skip(1).Select(_ => 0L)]);
                    }
                });
                Check(model, _first);
                var mixed = new Dictionary<string, Tensor>(_first) { ["bias"] = _second["bias"], ["twice"] = _second["twice"] };
                Refit(model, mode, RefitScope.Subset, refit =>
                {
                    refit.Write("bias", _second["bias"]);
                    refit.Write("twice", _second["twice"]);
                });
                Check(model, mixed);
                Refit(model, mode, RefitScope.Subset, refit =>
                {
                    refit.Patch("bias", arange(3), _first["bias"]);
                    refit.Patch("wide", torch.tensor(new[] { 2L }), _second["wide"][2..3]);
                });
                mixed["bias"] = _first["bias"];
                mixed["wide"] = cat([_first["wide"][0..2], _second["wide"][2..3]]);
                Check(model, mixed);
                Refit(model, mode, RefitScope.Whole, refit => refit.Write(_first));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Ranks))]
    public void It_is_exported_once_and_the_ranks_merge(int ranks)
    {
        var folders = new List<string>();
        for (var rank = 0; rank < ranks; rank++)
        {
            using var model = Loaded(rank, ranks, _first);
            folders.Add(_scene.At($"{ranks}-{rank}"));
            model.Export(folders[rank]);
            using var exported = Checkpoint.Open(folders[rank]);
            Assert.Equal(rank == 0, exported.Tensors.ContainsKey("bias"));
            Assert.Equal(rank == 0, exported.Tensors.ContainsKey("twice"));
        }
        CheckpointMerge.Merge(folders, _scene.At("whole"));
        Assert.Equal(ExportScene.Stored(_first), ExportScene.Stored(_scene.At("whole")));
        if (ranks == 1) return;
        var problems = Assert.Throws<ExportException>(() => CheckpointMerge.Merge(folders[1..], _scene.At("rest"))).Problems;
        Assert.Superset(new HashSet<string> { "bias", "wide", "twice" }, problems.Select(problem => problem.Name).ToHashSet());
    }

    [Theory]
    [MemberData(nameof(Ranks))]
    public void Checksums_prove_it_on_every_rank(int ranks)
    {
        using var checkpoint = _scene.Tiny.Stored(_first);
        var all = new List<WeightChecksums>();
        for (var rank = 0; rank < ranks; rank++)
        {
            using var model = Loaded(rank, ranks, _first);
            all.Add(model.Checksums());
            all[rank].Compare(WeightChecksums.Of(checkpoint, all[rank])).ThrowUnlessProven();
            Assert.Equal(rank == 0, all[rank].Slots.Any(slot => slot.Tensor.Contains("bias", StringComparison.Ordinal)));
        }
    }

    [Fact]
    public void A_value_of_the_constructor_gives_way_to_zeros()
    {
        using var model = new SummedOnce(new Topology(1, 2), ones(3));
        _scene.Tiny.Load(_first, model);
        Check(model, _first);
    }

    [Fact]
    public void The_tensors_of_the_caller_stay_as_they_are()
    {
        var before = _second.ToDictionary(item => item.Key, item => item.Value.clone());
        for (var rank = 0; rank < 2; rank++)
        {
            using var model = Loaded(rank, 2, _first);
            foreach (var mode in new[] { RefitMode.Staged, RefitMode.InPlace }) Refit(model, mode, RefitScope.Whole, refit => refit.Write(_second));
        }
        Assert.All(before, item => Assert.True(item.Value.Equals(_second[item.Key])));
    }

    private static Dictionary<string, Tensor> Weights() => new() { ["weight"] = randn(3, 5), ["bias"] = randn(3), ["wide"] = randn(3), ["twice"] = randn(3) };

    private static void Refit(SummedOnce model, RefitMode mode, RefitScope scope, Action<RefitSession> write)
    {
        using var refit = model.BeginRefit(mode, scope);
        write(refit);
        refit.Commit();
    }

    private SummedOnce Loaded(int rank, int ranks, Dictionary<string, Tensor> weights)
    {
        var model = new SummedOnce(new Topology(rank, ranks));
        _scene.Tiny.Load(weights, model);
        return model;
    }

    private static void Check(SummedOnce model, Dictionary<string, Tensor> weights)
    {
        var (rank, ranks) = (model.Parameters.Topology.TensorRank, model.Parameters.Topology.TensorSize);

        // Three units of two columns, the last one partial.
        var each = (3 + ranks - 1) / ranks * 2;
        var columns = Enumerable.Range(0, 5).Select(i => (long)i).Skip(rank * each).Take(each).ToArray();
        Assert.Equal(weights["weight"].index_select(1, torch.tensor(columns, ScalarType.Int64)).flatten().data<float>(), model.Weight.flatten().data<float>());
        var one = rank == 0 ? 1f : 0f;
        Assert.Equal(weights["bias"].data<float>().Select(value => value * one), model.Bias.data<float>());
        Assert.Equal([.. weights["wide"].data<float>().Select(value => value * one), 0f, 0f, 0f, 0f, 0f], model.Wide.data<float>());
        Assert.Equal(weights["twice"].data<float>().Select(value => value * 2 * one), model.Twice.data<float>());
    }
}
