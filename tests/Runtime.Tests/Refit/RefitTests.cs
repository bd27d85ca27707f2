using System.Reflection;
using Lanyard.Tests.Models;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Lanyard.Tests.Refit;

public sealed class RefitTests : IDisposable
{
    private readonly TinyScene _scene = new();

    public RefitTests() => _scene.Load(_scene.First);

    public void Dispose() => _scene.Dispose();

    public static TheoryData<RefitMode> Modes => [RefitMode.Staged, RefitMode.InPlace];

    [Theory]
    [MemberData(nameof(Modes))]
    public void A_refit_gives_the_bits_of_a_fresh_load_in_the_same_storage(RefitMode mode)
    {
        var addresses = _scene.Addresses();
        for (var step = 0; step < 10; step++)
        {
            var weights = TinyWeights.Fused(_scene.Sizes, seed: 10 + step);
            _scene.Refit(step % 2 == 0 ? weights : TinyWeights.PerExpert(weights), mode);
            Assert.Equal(_scene.BitsOf(weights), _scene.Bits());
        }
        Assert.Equal(addresses, _scene.Addresses());
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public void The_replaced_weight_keeps_its_loader_and_knows_its_layout(RefitMode mode)
    {
        _scene.Refit(_scene.Second, mode);
        var w2 = _scene.Experts.Parameters.W2Weight;
        Assert.Same(TinyExperts.Map.W2Weight, w2.Entry);
        Assert.Equal((ParameterLayout.Kernel, "PadForKernel"), (w2.Layout, w2.MadeBy));
        Assert.Same(w2.Value, _scene.Experts.W2Weight);
        Assert.Same(w2.Value, _scene.Experts.get_parameter("w2_weight"));
        Assert.Equal((ParameterLayout.Model, null), (_scene.Experts.Parameters.W13Weight.Layout, _scene.Experts.Parameters.W13Weight.MadeBy));
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public void A_subset_changes_what_it_brings_and_runs_what_depends_on_it(RefitMode mode)
    {
        var expected = _scene.Bits();
        var second = _scene.BitsOf(_scene.Second);
        foreach (var name in new[] { "layers.1.self_attn.o_weight", "layers.1.self_attn.o_transposed", "norm" }) expected[name] = second[name];
        var (padded, transposed) = (_scene.Experts.Padded, _scene.Model.Layers[0].Attention.Transposed);

        var report = _scene.Refit(_scene.Second.Where(item => item.Key is "norm.weight" or "layers.1.self_attn.o_proj.weight"), mode, RefitScope.Subset);

        Assert.Equal(expected, _scene.Bits());
        Assert.Equal(["layers.1.self_attn.Transpose"], report.PostLoads.AsEnumerable());
        Assert.Equal(2, report.Slots);
        Assert.Equal((padded, transposed), (_scene.Experts.Padded, _scene.Model.Layers[0].Attention.Transposed));
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public void A_part_of_a_merged_parameter_leaves_the_other_parts(RefitMode mode)
    {
        var k = "layers.0.self_attn.k_proj.weight";
        var rows = (_scene.Sizes.Heads * _scene.Sizes.HeadDim, (_scene.Sizes.Heads + _scene.Sizes.KvHeads) * _scene.Sizes.HeadDim);
        var expected = _scene.Attention.QkvWeight.clone();
        expected[rows.Item1..rows.Item2] = _scene.Second[k];

        _scene.Refit(_scene.Second.Where(item => item.Key == k), mode, RefitScope.Subset);

        Assert.True(_scene.Attention.QkvWeight.Equals(expected));
    }

    [Fact]
    public void One_expert_alone_cannot_be_padded_again_and_the_others_are_named()
    {
        var before = _scene.Bits();
        var one = TinyWeights.PerExpert(_scene.Second).Where(item => item.Key == "layers.0.mlp.experts.1.down_proj.weight");

        var error = Assert.Throws<LoadException>(() => _scene.Refit(one, scope: RefitScope.Subset));

        Assert.Equal(
            from expert in new[] { 0, 2 }
            select new LoadProblem(LoadProblemKind.Missing, $"layers.0.mlp.experts.{expert}.down_proj.weight", "layers.0.mlp.experts.w2_weight") { NeededBy = "layers.0.mlp.experts.PadForKernel" },
            error.Problems);
        Assert.EndsWith(
            "missing:       layers.0.mlp.experts.{0,2}.down_proj.weight (parameter layers.0.mlp.experts.w2_weight); needed for layers.0.mlp.experts.PadForKernel to run again",
            error.Message,
            StringComparison.Ordinal);
        Assert.Equal(before, _scene.Bits());
    }

    [Fact]
    public void A_refit_that_does_not_declare_a_subset_must_bring_everything()
    {
        var before = _scene.Bits();
        var error = Assert.Throws<LoadException>(() => _scene.Refit(TinyWeights.PerExpert(_scene.Second).Where(item => item.Key is not ("layers.1.mlp.experts.2.gate_proj.weight" or "norm.weight"))));
        Assert.Equal(["layers.1.mlp.experts.2.gate_proj.weight", "norm.weight"], error.Problems.Select(problem => problem.Tensor).Order());
        Assert.Equal(before, _scene.Bits());
    }

    [Fact]
    public void The_same_tensor_twice_and_another_never_is_an_error_though_the_count_is_right()
    {
        var before = _scene.Bits();
        using (var refit = _scene.Model.BeginRefit())
        {
            foreach (var (name, value) in TinyWeights.PerExpert(_scene.Second))
            {
                if (name == "layers.0.mlp.experts.0.down_proj.weight") refit.Write("layers.0.mlp.experts.1.down_proj.weight", value);
                else refit.Write(name, value);
            }
            var kinds = Assert.Throws<LoadException>(() => refit.Commit()).Problems.Select(problem => (problem.Kind, problem.Tensor));
            Assert.Equal([(LoadProblemKind.Duplicate, "layers.0.mlp.experts.1.down_proj.weight"), (LoadProblemKind.Missing, "layers.0.mlp.experts.0.down_proj.weight")], kinds);
        }
        Assert.Equal(before, _scene.Bits());
        Assert.Equal(ModelState.Loaded, _scene.Model.Parameters.State);
    }

    [Fact]
    public void A_broken_staged_refit_lists_everything_and_leaves_every_bit()
    {
        var (before, addresses) = (_scene.Bits(), _scene.Addresses());
        using (var refit = _scene.Model.BeginRefit(RefitMode.Staged))
        {
            foreach (var (name, value) in _scene.Second)
            {
                if (name == "layers.0.mlp.experts.down_proj") continue;
                refit.Write(name, name == "norm.weight" ? value[..1] : value);
            }
            foreach (var (name, value) in TinyWeights.PerExpert(_scene.Second))
            {
                if (name.StartsWith("layers.0.mlp.experts.", StringComparison.Ordinal) && name.EndsWith(".down_proj.weight", StringComparison.Ordinal) && !name.Contains("experts.2.", StringComparison.Ordinal)) refit.Write(name, value);
            }
            refit.Write("layers.0.self_attn.q_proj.wieght", torch.zeros(1));
            var problems = Assert.Throws<LoadException>(() => refit.Commit()).Problems;
            Assert.Equal(
                [LoadProblemKind.Missing, LoadProblemKind.Unexpected, LoadProblemKind.WrongShape],
                problems.Select(problem => problem.Kind).Order());

            // What it is near came, and is not what was meant.
            Assert.Null(problems.Single(problem => problem.Kind == LoadProblemKind.Unexpected).Nearest);
        }
        Assert.Equal(before, _scene.Bits());
        Assert.Equal(addresses, _scene.Addresses());
        _scene.Refit(_scene.Second);
        Assert.Equal(_scene.BitsOf(_scene.Second), _scene.Bits());
    }

    [Fact]
    public void An_abandoned_staged_session_leaves_no_trace()
    {
        var before = _scene.Bits();
        using (var refit = _scene.Model.BeginRefit())
        {
            foreach (var (name, value) in _scene.Second) refit.Write(name, value);
        }
        Assert.Equal(before, _scene.Bits());
        Assert.Equal(ModelState.Loaded, _scene.Model.Parameters.State);
    }

    [Fact]
    public void Post_load_that_fails_leaves_a_staged_refit_as_it_was()
    {
        var (before, addresses) = (_scene.Bits(), _scene.Addresses());
        _scene.Model.Layers[1].FeedForward.FailPostLoad = true;
        Assert.Throws<InvalidOperationException>(() => _scene.Refit(_scene.Second));
        Assert.Equal(before, _scene.Bits());
        Assert.Equal(addresses, _scene.Addresses());
        Assert.Equal((ParameterLayout.Kernel, "PadForKernel"), (_scene.Experts.Parameters.W2Weight.Layout, _scene.Experts.Parameters.W2Weight.MadeBy));

        _scene.Model.Layers[1].FeedForward.FailPostLoad = false;
        _scene.Refit(_scene.Second);
        Assert.Equal(_scene.BitsOf(_scene.Second), _scene.Bits());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_failed_refit_in_place_tears_the_model_until_one_completes(bool inPostLoad)
    {
        var addresses = _scene.Addresses();
        if (inPostLoad)
        {
            _scene.Model.Layers[1].FeedForward.FailPostLoad = true;
            Assert.Throws<InvalidOperationException>(() => _scene.Refit(_scene.Second, RefitMode.InPlace));
        }
        else
        {
            var error = Assert.Throws<LoadException>(() => _scene.Refit(_scene.Second.Where(item => item.Key != "layers.1.mlp.experts.down_proj").Append(new("strange", torch.zeros(1))), RefitMode.InPlace));
            Assert.Contains("torn", error.Message, StringComparison.Ordinal);
        }

        Assert.Equal(ModelState.Torn, _scene.Model.Parameters.State);
        using var input = torch.zeros(1, _scene.Sizes.Hidden);
        Assert.Contains("torn", Assert.Throws<ModelStateException>(() => _scene.Model.forward(input)).Message, StringComparison.Ordinal);

        // Nobody knows what is in a torn model, so a part does not mend it.
        _scene.Model.Layers[1].FeedForward.FailPostLoad = false;
        Assert.Throws<LoadException>(() => _scene.Refit(_scene.Second.Where(item => item.Key == "norm.weight"), scope: RefitScope.Subset));
        Assert.Equal(ModelState.Torn, _scene.Model.Parameters.State);
        _scene.Refit(_scene.Second);
        Assert.Equal(_scene.BitsOf(_scene.Second), _scene.Bits());
        Assert.Equal(addresses, _scene.Addresses());
        _scene.Model.forward(input).Dispose();
    }

    [Fact]
    public void Forward_is_refused_while_a_refit_in_place_is_under_way_and_allowed_while_one_is_staged()
    {
        using var input = torch.zeros(1, _scene.Sizes.Hidden);
        using (var refit = _scene.Model.BeginRefit(RefitMode.Staged))
        {
            refit.Write("norm.weight", _scene.Second["norm.weight"]);
            _scene.Model.forward(input).Dispose();
        }
        using (var refit = _scene.Model.BeginRefit(RefitMode.InPlace)) Assert.Throws<ModelStateException>(() => _scene.Model.forward(input));

        // Nothing was written: nothing is torn.
        _scene.Model.forward(input).Dispose();
    }

    [Fact]
    public void Two_sessions_at_once_are_refused_on_the_model_and_on_its_parts()
    {
        using (_scene.Model.BeginRefit())
        {
            Assert.Throws<ModelStateException>(() => _scene.Model.BeginRefit());
            Assert.Throws<ModelStateException>(() => _scene.Experts.BeginRefit());
            Assert.Throws<ModelStateException>(() => _scene.Model.to(ScalarType.BFloat16));
        }
        using (_scene.Experts.BeginRefit()) Assert.Throws<ModelStateException>(() => _scene.Model.BeginRefit());
        _scene.Model.BeginRefit().Dispose();
    }

    [Fact]
    public void A_session_that_ended_takes_nothing()
    {
        var refit = _scene.Model.BeginRefit();
        refit.Dispose();
        Assert.Throws<ModelStateException>(() => refit.Write("norm.weight", _scene.Second["norm.weight"]));
        Assert.Throws<ModelStateException>(() => refit.Commit());
    }

    [Fact]
    public void Tensors_come_from_many_threads_and_of_any_strides()
    {
        var strided = _scene.Second.ToDictionary(item => item.Key, item => item.Value.dim() == 2 ? item.Value.t().contiguous().t() : item.Value);
        using (var refit = _scene.Model.BeginRefit())
        {
            Parallel.ForEach(strided, item => refit.Write(item.Key, item.Value));
            refit.Commit();
        }
        Assert.Equal(_scene.BitsOf(_scene.Second), _scene.Bits());
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public void A_contiguous_view_that_negates_is_written_as_it_reads(RefitMode mode)
    {
        var size = _scene.Sizes.Hidden;
        var conjugate = torch.complex(torch.ones(size), torch.ones(size)).conj().imag;
        var negated = conjugate.as_strided([size], [1], conjugate.storage_offset());
        Assert.True(negated.is_neg() && negated.is_contiguous());
        _scene.Refit([KeyValuePair.Create("norm.weight", negated)], mode, RefitScope.Subset);
        Assert.True(_scene.Model.Norm.Equals(-torch.ones(size)));
    }

    [Fact]
    public void A_parameter_loads_by_itself_as_a_refit_of_one()
    {
        var w2 = _scene.Experts.Parameters.W2Weight;
        var report = w2.Load("down_proj", _scene.Second["layers.0.mlp.experts.down_proj"]);
        Assert.Equal(["PadForKernel"], report.PostLoads.AsEnumerable());
        Assert.Equal(_scene.BitsOf(_scene.Second)["layers.0.mlp.experts.w2_weight"], _scene.Bits()["layers.0.mlp.experts.w2_weight"]);
        Assert.Throws<LoadException>(() => w2.Load("gate_up_proj", _scene.Second["layers.0.mlp.experts.gate_up_proj"]));
    }

    [Fact]
    public void After_a_conversion_the_layout_is_known_and_a_refit_gives_the_bits_of_a_fresh_load()
    {
        _scene.Model.to(ScalarType.BFloat16);
        var w2 = _scene.Experts.Parameters.W2Weight;
        Assert.Equal((ParameterLayout.Kernel, ScalarType.BFloat16), (w2.Layout, w2.Value.dtype));
        var addresses = _scene.Addresses();

        var brief = TinyWeights.Fused(_scene.Sizes, seed: 5, ScalarType.BFloat16);
        _scene.Refit(brief);

        Assert.Equal(_scene.BitsOf(brief, ScalarType.BFloat16), _scene.Bits());
        Assert.Equal(addresses, _scene.Addresses());
    }

    [Fact]
    public void A_conversion_while_a_part_is_refitted_converts_nothing()
    {
        using (_scene.Model.Layers[1].FeedForward.BeginRefit()) Assert.Throws<ModelStateException>(() => _scene.Model.to(ScalarType.BFloat16));
        Assert.All(_scene.Model.AllParameters(), item => Assert.Equal(ScalarType.Float32, item.Parameter.Value.dtype));
    }

    [Fact]
    public void An_assignment_outside_a_constructor_and_post_load_is_refused_and_changes_nothing()
    {
        var before = _scene.Bits();
        var error = Assert.Throws<ModelStateException>(_scene.Experts.Overwrite);
        Assert.Contains("[PostLoad]", error.Message, StringComparison.Ordinal);
        Assert.Equal(before, _scene.Bits());
    }

    [Theory]
    [InlineData("scale", "left", "right")]
    [InlineData("left", "scale", "right")]
    [InlineData("left", "right", "scale")]
    public void What_post_load_overwrites_without_reading_it_comes_in_any_order(params string[] order)
    {
        using var scope = NewDisposeScope();
        using var model = new Overwritten();
        for (var i = 0; i < 3; i++)
        {
            using var refit = model.BeginRefit(RefitMode.InPlace);
            foreach (var name in order) refit.Write(name, torch.full(model.Size, name == "scale" ? 2f : 3f));
            refit.Commit();
            Assert.Equal(2f, model.Wide.max().ToSingle());
            Assert.Equal(2f, model.Wide.min().ToSingle());
        }
    }

    [Fact]
    public void In_place_post_load_reads_what_came_and_not_what_reflection_has_put_into_the_property()
    {
        var attention = _scene.Attention;
        var field = typeof(TinyAttention).GetField("<OWeight>k__BackingField", BindingFlags.Instance | BindingFlags.NonPublic)!;
        field.SetValue(attention, new Parameter(torch.full(attention.OWeight.shape, 9f), requires_grad: false));
        _scene.Refit(_scene.Second, RefitMode.InPlace);
        Assert.True(ReferenceEquals(attention.OWeight, attention.Parameters.OWeight.Value));
        Assert.Equal(_scene.Second["layers.0.self_attn.o_proj.weight"], attention.OWeight);
        Assert.Equal(_scene.Second["layers.0.self_attn.o_proj.weight"].t(), attention.OTransposed);
    }

    [Theory]
    [InlineData(RefitMode.Staged)]
    [InlineData(RefitMode.InPlace)]
    public void A_session_that_ends_while_a_checkpoint_is_written_keeps_the_model_until_that_is_done(RefitMode mode)
    {
        var before = _scene.Bits();
        using var checkpoint = _scene.Stored(_scene.Second);
        using var refit = _scene.Model.BeginRefit(mode);
        var reports = 0;
        refit.Write(checkpoint, new Once(() =>
        {
            Assert.Throws<ModelStateException>(() => refit.Commit());
            Assert.Throws<ModelStateException>(() => _scene.Model.BeginRefit());
            reports++;
        }));
        Assert.Equal(1, reports);
        Assert.Throws<ModelStateException>(() => refit.Write("norm.weight", _scene.Second["norm.weight"]));
        Assert.Equal(mode == RefitMode.Staged ? ModelState.Loaded : ModelState.Torn, _scene.Model.Parameters.State);
        if (mode == RefitMode.Staged) Assert.Equal(before, _scene.Bits());
        _scene.Refit(_scene.Second, mode);
        Assert.Equal(_scene.BitsOf(_scene.Second), _scene.Bits());
    }

    private sealed class Once(Action action) : IProgress<LoadProgress>
    {
        private int _reports;

        public void Report(LoadProgress value)
        {
            if (Interlocked.Increment(ref _reports) == 1) action();
        }
    }
}
