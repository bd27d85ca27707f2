using Lanyard.Checkpoints;
using Lanyard.Layouts;
using Lanyard.Tests.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace Lanyard.Tests.Checksums;

/// <summary>What a model holds has the checksums of what the trainer has, whatever became of it on the way.</summary>
public sealed class ModelChecksumsTests : IDisposable
{
    private readonly TinyScene _scene = new();

    public void Dispose() => _scene.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void After_a_load_and_after_refits_in_either_format(bool perExpert)
    {
        var (first, second) = perExpert ? (TinyWeights.PerExpert(_scene.First), TinyWeights.PerExpert(_scene.Second)) : (_scene.First, _scene.Second);
        _scene.Load(first);
        Proofs.Holds(_scene.Model, _scene.First);
        Proofs.Holds(_scene.Model, TinyWeights.PerExpert(_scene.First), "per-expert");
        foreach (var mode in new[] { RefitMode.Staged, RefitMode.InPlace })
        {
            _scene.Refit(second, mode);
            Proofs.Holds(_scene.Model, _scene.Second);
            Proofs.Holds(_scene.Model, TinyWeights.PerExpert(_scene.Second), "per-expert");
            Assert.Equal(_scene.Model.Checksums().Slots.Length, Proofs.Compare(_scene.Model, _scene.First).Differing.Length);
            _scene.Refit(first, mode);
        }
    }

    [Theory]
    [InlineData(2, 1)]
    [InlineData(4, 1)]
    [InlineData(2, 3)]
    public void Each_rank_is_compared_with_whole_tensors(int tensor, int expert)
    {
        var counts = new List<int>();
        for (var rank = 0; rank < tensor * expert; rank++)
        {
            using var model = new TinyModel(_scene.Sizes, new Topology(rank % tensor, tensor, rank / tensor, expert));
            _scene.Load(_scene.First, model);
            Proofs.Holds(model, _scene.First);
            using var refit = model.BeginRefit();
            foreach (var (name, value) in _scene.Second) refit.Write(name, value);
            refit.Commit();
            Proofs.Holds(model, _scene.Second);
            using var stored = _scene.Stored(TinyWeights.PerExpert(_scene.Second));
            Proofs.Holds(model, stored, "per-expert");
            counts.Add(model.Checksums("per-expert").Slots.Length);
        }
        Assert.All(counts, count => Assert.InRange(count, 1, _scene.Model.Parameters.Count + (_scene.Sizes.Layers * 13)));
    }

    [Fact]
    public void Names_may_have_the_prefix()
    {
        _scene.Load(_scene.First);
        Proofs.Holds(_scene.Model, _scene.First.Select(item => KeyValuePair.Create("language_model." + item.Key, item.Value)));
    }

    [Fact]
    public void A_module_below_has_checksums_under_names_of_its_own()
    {
        _scene.Load(_scene.First);
        Proofs.Holds(_scene.Experts, _scene.First.Where(item => item.Key.StartsWith("layers.0.mlp.experts.", StringComparison.Ordinal)).Select(item => KeyValuePair.Create(item.Key["layers.0.mlp.experts.".Length..], item.Value)));
    }

    [Fact]
    public void A_float32_trainer_and_a_bfloat16_engine_agree()
    {
        using var model = new TinyModel(_scene.Sizes, type: ScalarType.BFloat16);
        _scene.Load(_scene.First, model, new LoadOptions { AllowNarrowing = true });
        Proofs.Holds(model, _scene.First);
        Assert.All(model.Checksums().Slots, slot => Assert.Equal(CheckpointType.BF16, slot.Type));

        // After a conversion the live values are what a load of the new type would have made.
        _scene.Load(_scene.First);
        _scene.Model.to(ScalarType.BFloat16);
        Proofs.Holds(_scene.Model, _scene.First);
    }

    [Fact]
    public void A_bfloat16_trainer_and_a_float32_engine_agree()
    {
        var narrow = _scene.First.ToDictionary(item => item.Key, item => item.Value.to_type(ScalarType.BFloat16));
        _scene.Load(narrow);
        Proofs.Holds(_scene.Model, narrow);
    }

    [Fact]
    public void A_trainer_s_tensors_may_have_any_strides()
    {
        _scene.Load(_scene.First);
        Proofs.Holds(_scene.Model, _scene.First.Select(item => KeyValuePair.Create(item.Key, item.Value.dim() < 2 ? item.Value : item.Value.transpose(0, 1).contiguous().transpose(0, 1))));
    }

    [Fact]
    public void Patched_elements_are_seen()
    {
        _scene.Load(_scene.First);
        using (var refit = _scene.Model.BeginRefit(scope: RefitScope.Subset))
        {
            refit.Patch("layers.1.self_attn.k_proj.weight", torch.tensor([7L, 100]), torch.tensor([0.5f, -3]));
            refit.Commit();
        }
        var differing = Assert.Single(Proofs.Compare(_scene.Model, _scene.First).Differing);
        Assert.Equal(("layers.1.self_attn.k_proj.weight", "layers.1.self_attn.qkv_weight"), (differing.Tensor, differing.Parameter));

        var patched = _scene.First["layers.1.self_attn.k_proj.weight"].clone();
        using (var flat = patched.view(-1)) flat.index_copy_(0, torch.tensor([7L, 100]), torch.tensor([0.5f, -3]));
        Proofs.Holds(_scene.Model, new Dictionary<string, Tensor>(_scene.First) { ["layers.1.self_attn.k_proj.weight"] = patched });
    }

    [Fact]
    public void The_live_model_stays_as_it_was_and_no_tensor_is_left()
    {
        _scene.Load(_scene.First);
        var (bits, addresses) = (_scene.Bits(), _scene.Addresses());
        var asked = _scene.Model.Checksums();
        using var scope = NewDisposeScope();
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        _scene.Model.Checksums("per-expert");
        WeightChecksums.Of(_scene.First.Select(item => (item.Key, item.Value)), asked);
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
        Assert.Equal(bits, _scene.Bits());
        Assert.Equal(addresses, _scene.Addresses());
        _scene.Refit(_scene.Second);
        Proofs.Holds(_scene.Model, _scene.Second);
    }

    [Fact]
    public void A_session_and_checksums_exclude_each_other()
    {
        _scene.Load(_scene.First);
        using (_scene.Model.BeginRefit())
        {
            Assert.Throws<ModelStateException>(() => _scene.Model.Checksums());
            Assert.Throws<ModelStateException>(() => _scene.Attention.Checksums());
        }
        var tries = 0;
        _scene.Experts.WhileUndone = () =>
        {
            Assert.Throws<ModelStateException>(() => _scene.Model.BeginRefit());
            Assert.Throws<ModelStateException>(() => _scene.Model.to(ScalarType.BFloat16));
            tries++;
        };
        Proofs.Holds(_scene.Attention, _scene.First.Where(item => item.Key.StartsWith("layers.0.self_attn.", StringComparison.Ordinal)).Select(item => KeyValuePair.Create(item.Key["layers.0.self_attn.".Length..], item.Value)));
        Assert.Equal(0, tries);
        _scene.Model.Checksums();
        Assert.Equal(1, tries);
        _scene.Model.BeginRefit().Dispose();
    }

    [Fact]
    public void A_model_that_was_never_loaded_and_a_torn_one_are_refused()
    {
        Assert.Contains("cannot be verified: it was never loaded", Assert.Throws<ModelStateException>(() => _scene.Model.Checksums()).Message, StringComparison.Ordinal);
        _scene.Load(_scene.First);
        using (var refit = _scene.Model.BeginRefit(RefitMode.InPlace)) refit.Write("norm.weight", _scene.Second["norm.weight"]);
        Assert.Contains("torn", Assert.Throws<ModelStateException>(() => _scene.Model.Checksums()).Message, StringComparison.Ordinal);
        _scene.Refit(_scene.Second);
        Proofs.Holds(_scene.Model, _scene.Second);
    }

    [Fact]
    public void A_rank_that_holds_nothing_holds_what_was_sent()
    {
        var module = new MappedModule("experts hidden", [new LayoutSource("{experts}", "hidden")], [new Axis("experts", 2), new Axis("hidden", 3)], "experts", rank: 2);
        var tensors = new Dictionary<string, Tensor> { ["0"] = torch.randn(3), ["1"] = torch.randn(3) };
        using (var refit = module.BeginRefit())
        {
            foreach (var (name, tensor) in tensors) refit.Write(name, tensor);
            refit.Commit();
        }
        Assert.Empty(module.Checksums().Slots);
        Proofs.Holds(module, tensors);
    }

    [Fact]
    public void An_unknown_format_is_refused() => Assert.Throws<ArgumentException>(() => _scene.Model.Checksums("per-exprt"));
}
