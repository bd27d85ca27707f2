using Lanyard.Tests.Models;
using Lanyard.Tests.PostLoads;
using TorchSharp;
using static TorchSharp.torch;

namespace Lanyard.Tests.Refit;

/// <summary>Failures of weight reloading that vLLM's users reported, and the seven categories of its RFC 48312, each as it would look here.</summary>
public sealed class VllmIssueTests : IDisposable
{
    private readonly TinyScene _scene = new();

    public VllmIssueTests() => _scene.Load(_scene.First);

    public void Dispose() => _scene.Dispose();

    [Fact]
    public void Issue_17915_17429_16842_a_replaced_expert_weight_keeps_its_loader_for_the_next_update()
    {
        Assert.Equal(16, _scene.Experts.W2Weight.shape[^1]);
        for (var step = 0; step < 3; step++) _scene.Refit(step % 2 == 0 ? _scene.Second : _scene.First);
        Assert.Equal(_scene.BitsOf(_scene.Second), _scene.Bits());
    }

    [Fact]
    public void Issue_14266_28425_a_quantised_weight_of_another_type_and_shape_still_loads()
    {
        using var module = new OnlinePerTensor();
        for (var seed = 0; seed < 3; seed++)
        {
            using var weight = torch.randn(6, 5, generator: new Generator((ulong)seed, CPU)).to_type(ScalarType.BFloat16);
            using var refit = module.BeginRefit();
            refit.Write("weight", weight);
            refit.Commit();
            Assert.Equal(Float8.E4M3, module.Weight.dtype);
            Assert.Equal(weight.to_type(ScalarType.Float32).abs().max().ToSingle() / Float8.Max, module.Scale.ToSingle());
        }
    }

    [Fact]
    public void Issue_42821_a_layout_of_the_same_shape_is_not_written_twice()
    {
        // Swapped halves have the shape of unswapped ones: only a known layout tells them apart.
        using var module = new SwappedHalves();
        using var weight = torch.randn(3, 8, 5);
        for (var i = 0; i < 3; i++)
        {
            using var refit = module.BeginRefit(RefitMode.InPlace);
            refit.Write("gate_up_proj", weight);
            refit.Commit();
            Assert.True(module.W13[.., ..4].Equals(weight[.., 4..]));
        }
    }

    [Fact]
    public void Issue_50523_padding_is_zero_after_every_refit()
    {
        for (var i = 0; i < 5; i++)
        {
            _scene.Refit(i % 2 == 0 ? _scene.Second : _scene.First, i % 2 == 0 ? RefitMode.InPlace : RefitMode.Staged);
            Assert.Equal(0, _scene.Experts.W2Weight[.., .., 12..].abs().sum().ToDouble());
        }
    }

    [Fact]
    public void Issue_44814_a_transform_of_values_counts_its_tensor_once()
    {
        using var module = new WideCopies();
        using var refit = module.BeginRefit();
        refit.Write("A_log", torch.zeros(4));
        refit.Write("sinks", torch.ones(4, dtype: ScalarType.BFloat16));
        Assert.Equal(2, refit.Commit().Slots);
        Assert.True(module.A.Equals(torch.full(4, -1f)));
    }

    [Fact]
    public void Issue_48251_values_derived_from_weights_follow_a_partial_refit()
    {
        var o = "layers.1.self_attn.o_proj.weight";
        _scene.Refit(_scene.Second.Where(item => item.Key == o), scope: RefitScope.Subset);
        Assert.True(_scene.Model.Layers[1].Attention.OTransposed.Equals(_scene.Second[o].t()));
    }

    [Fact]
    public void Issue_48025_a_replicated_parameter_is_not_sliced_with_the_rank_on_a_refit()
    {
        using var rank = new TinyModel(_scene.Sizes, new Topology(1, 2));
        _scene.Load(_scene.First, rank);
        using (var refit = rank.BeginRefit())
        {
            foreach (var (name, value) in _scene.Second) refit.Write(name, value);
            refit.Commit();
        }
        Assert.True(rank.Norm.Equals(_scene.Second["norm.weight"]));
    }

    [Fact]
    public void Issue_57108_34930_16235_a_missing_weight_of_a_module_with_post_load_is_found()
    {
        var weights = new Dictionary<string, Tensor>(_scene.Second);
        weights.Remove("layers.0.mlp.experts.down_proj");
        Assert.Equal("layers.0.mlp.experts.down_proj", Assert.Single(_scene.Refused(weights).Problems).Tensor);
    }

    [Fact]
    public void Issue_57854_a_failed_update_is_rolled_back_and_the_model_goes_on()
    {
        var before = _scene.Bits();
        _scene.Experts.FailPostLoad = true;
        Assert.Throws<InvalidOperationException>(() => _scene.Refit(_scene.Second));
        Assert.Equal(before, _scene.Bits());
        _scene.Model.forward(torch.zeros(1, 10)).Dispose();
    }

    [Fact]
    public void Issue_32718_a_second_checkpoint_is_read_and_not_the_first_again()
    {
        using var second = _scene.Stored(_scene.Second);
        LoadPlan.Create(_scene.Model, second).Execute();
        Assert.Equal(_scene.BitsOf(_scene.Second), _scene.Bits());
    }

    [Fact]
    public void Rfc_48312_1_storage_identity()
    {
        var (addresses, objects) = (_scene.Addresses(), _scene.Model.AllParameters().Select(item => item.Parameter.Value).ToList());
        _scene.Refit(_scene.Second);
        Assert.Equal(addresses, _scene.Addresses());
        Assert.All(_scene.Model.AllParameters().Zip(objects), pair => Assert.Same(pair.Second, pair.First.Parameter.Value));
    }

    [Fact]
    public void Rfc_48312_2_runtime_values_are_refreshed()
    {
        _scene.Refit(_scene.Second);
        Assert.True(_scene.Attention.OTransposed.Equals(_scene.Attention.OWeight.t()));
        Assert.Same(_scene.Attention.OTransposed, _scene.Attention.get_parameter("o_transposed"));
    }

    [Fact]
    public void Rfc_48312_3_the_loader_outlives_every_replacement()
    {
        _scene.Model.to(ScalarType.BFloat16);
        _scene.Model.to(ScalarType.Float32);
        _scene.Refit(_scene.Second);
        Assert.All(_scene.Model.AllParameters(), item => Assert.Same(item.Parameter.Owner.Map.Parameters[item.Parameter.Entry.Index], item.Parameter.Entry));
        Assert.Equal(_scene.BitsOf(_scene.Second), _scene.Bits());
    }

    [Fact]
    public void Rfc_48312_4_state_of_a_reload_is_kept_by_nobody()
    {
        // A refit after an abandoned and a refused one is like the first.
        _scene.Model.BeginRefit().Dispose();
        Assert.Throws<LoadException>(() => _scene.Refit(_scene.Second.Take(3)));
        _scene.Refit(_scene.Second);
        Assert.Equal(_scene.BitsOf(_scene.Second), _scene.Bits());
    }

    [Fact]
    public void Rfc_48312_5_parameters_are_routed_and_sharded_as_at_first()
    {
        for (var rank = 0; rank < 2; rank++)
        {
            using var loaded = new TinyModel(_scene.Sizes, new Topology(rank, 2, rank, 2));
            using var refitted = new TinyModel(_scene.Sizes, new Topology(rank, 2, rank, 2));
            _scene.Load(_scene.Second, loaded);
            _scene.Load(_scene.First, refitted);
            using (var refit = refitted.BeginRefit())
            {
                foreach (var (name, value) in TinyWeights.PerExpert(_scene.Second)) refit.Write(name, value);
                refit.Commit();
            }
            Assert.Equal(_scene.Bits(loaded), _scene.Bits(refitted));
        }
    }

    [Fact]
    public void Rfc_48312_6_names_are_accounted_for_both_ways()
    {
        var error = Assert.Throws<LoadException>(() => _scene.Refit(_scene.Second.Where(item => item.Key != "norm.weight").Append(new("norm.wieght", _scene.Second["norm.weight"]))));
        Assert.Equal([(LoadProblemKind.Missing, "norm.weight"), (LoadProblemKind.Unexpected, "norm.wieght")], error.Problems.Select(problem => (problem.Kind, problem.Tensor)).Order());
    }

    [Fact]
    public void Rfc_48312_6_left_twice_and_right_never_is_an_error_though_the_elements_count_up()
    {
        using var refit = _scene.Model.BeginRefit(scope: RefitScope.Whole);
        foreach (var (name, value) in TinyWeights.PerExpert(_scene.Second)) refit.Write(name.Replace("experts.0.up_proj", "experts.0.gate_proj", StringComparison.Ordinal), value);
        var kinds = Assert.Throws<LoadException>(() => refit.Commit()).Problems.Select(problem => problem.Kind).ToHashSet();
        Assert.Equal([LoadProblemKind.Missing, LoadProblemKind.Duplicate], kinds.Order());
    }

    [Fact]
    public void Rfc_48312_7_caches_can_tell_that_weights_have_changed()
    {
        var before = (_scene.Model.Parameters.Generation, _scene.Experts.Parameters.Generation);
        Assert.Throws<LoadException>(() => _scene.Refit(_scene.Second.Take(1)));
        Assert.Equal(before, (_scene.Model.Parameters.Generation, _scene.Experts.Parameters.Generation));
        _scene.Refit(_scene.Second);
        Assert.Equal((before.Item1 + 1, before.Item2 + 1), (_scene.Model.Parameters.Generation, _scene.Experts.Parameters.Generation));
    }
}
