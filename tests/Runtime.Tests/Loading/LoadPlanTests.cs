using Lanyard.Tests.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace Lanyard.Tests.Loading;

public sealed class LoadPlanTests : IDisposable
{
    private readonly TinyScene _scene = new();

    public void Dispose() => _scene.Dispose();

    [Fact]
    public void A_load_puts_every_element_where_the_layout_says()
    {
        _scene.Load(_scene.First);

        var (w, sizes) = (_scene.First, _scene.Sizes);
        var qkv = torch.cat([w["layers.0.self_attn.q_proj.weight"], w["layers.0.self_attn.k_proj.weight"], w["layers.0.self_attn.v_proj.weight"]]);
        Assert.True(_scene.Attention.QkvWeight.Equals(qkv));
        Assert.True(_scene.Attention.OTransposed.Equals(w["layers.0.self_attn.o_proj.weight"].t()));
        Assert.True(_scene.Experts.W13Weight.Equals(w["layers.0.mlp.experts.gate_up_proj"].transpose(1, 2)));
        Assert.Equal([sizes.Experts, sizes.Hidden, 16], _scene.Experts.W2Weight.shape);
        Assert.True(_scene.Experts.W2Weight[.., .., ..sizes.Intermediate].Equals(w["layers.0.mlp.experts.down_proj"].transpose(1, 2)));
        Assert.Equal(0, _scene.Experts.W2Weight[.., .., sizes.Intermediate..].abs().max().ToDouble());
        Assert.True(_scene.Model.Norm.Equals(w["norm.weight"]));
        Assert.Equal(ModelState.Loaded, _scene.Model.Parameters.State);
    }

    [Fact]
    public void Both_formats_of_the_experts_give_the_same_bits()
    {
        using var other = new TinyModel(_scene.Sizes);
        _scene.Load(_scene.First);
        var report = _scene.Load(TinyWeights.PerExpert(_scene.First), other);

        Assert.Equal(_scene.Bits(), _scene.Bits(other));
        Assert.Equal(1 + (2 * (4 + (3 * _scene.Sizes.Experts))), report.Slots);
    }

    [Fact]
    public void Both_formats_agree_where_every_size_is_the_same()
    {
        // Square: a mixed-up axis fails by value only.
        using var square = new TinyScene(new TinySizes(Layers: 1, Heads: 4, KvHeads: 4, HeadDim: 4, Hidden: 4, Experts: 4, Intermediate: 4));
        using var other = new TinyModel(square.Sizes);
        square.Load(square.First);
        square.Load(TinyWeights.PerExpert(square.First), other);

        Assert.Equal(square.Bits(), square.Bits(other));
        Assert.True(square.Experts.W2Weight[1][.., ..4].Equals(square.First["layers.0.mlp.experts.down_proj"][1].t()));
    }

    [Fact]
    public void Everything_wrong_is_in_one_exception_and_nothing_changes()
    {
        _scene.Model.InitialisedByHand();
        var before = _scene.Bits();
        var weights = new Dictionary<string, Tensor>(_scene.First) { ["layers.0.self_attn.z_proj.weight"] = torch.zeros(3), ["norm.weight"] = torch.zeros(1), ["layers.1.mlp.experts.down_proj"] = torch.zeros(3, 12, 10, dtype: ScalarType.Int64) };
        weights.Remove("layers.0.self_attn.k_proj.weight");
        weights.Remove("layers.1.self_attn.k_proj.weight");

        var error = _scene.Refused(weights);

        Assert.Equal(
            [
                new LoadProblem(LoadProblemKind.Missing, "layers.0.self_attn.k_proj.weight", "layers.0.self_attn.qkv_weight"),
                new LoadProblem(LoadProblemKind.Missing, "layers.1.self_attn.k_proj.weight", "layers.1.self_attn.qkv_weight"),
                new LoadProblem(LoadProblemKind.Unexpected, "layers.0.self_attn.z_proj.weight", Nearest: null),
                new LoadProblem(LoadProblemKind.WrongShape, "norm.weight", "norm", "[10]", "[1]"),
                new LoadProblem(LoadProblemKind.WrongType, "layers.1.mlp.experts.down_proj", "layers.1.mlp.experts.w2_weight", "F32", "I64"),
            ],
            error.Problems.OrderBy(problem => problem.Kind).ThenBy(problem => problem.Tensor));
        Assert.Contains("layers.{0,1}.self_attn.k_proj.weight (parameter layers.{0,1}.self_attn.qkv_weight)", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("did you mean", error.Message, StringComparison.Ordinal);
        Assert.Contains("Nothing was changed.", error.Message, StringComparison.Ordinal);
        Assert.Equal(before, _scene.Bits());
        Assert.Equal(ModelState.Building, _scene.Model.Parameters.State);
    }

    [Fact]
    public void Two_formats_at_once_are_refused()
    {
        var weights = new Dictionary<string, Tensor>(_scene.First);
        foreach (var (name, value) in TinyWeights.PerExpert(_scene.First)) weights[name] = value;

        var problems = _scene.Refused(weights).Problems;

        Assert.All(problems, problem => Assert.Equal(LoadProblemKind.MixedFormats, problem.Kind));
        Assert.Equal(["layers.0.mlp.experts.w13_weight", "layers.0.mlp.experts.w2_weight", "layers.1.mlp.experts.w13_weight", "layers.1.mlp.experts.w2_weight"], problems.Select(problem => problem.Parameter).Order());
    }

    [Fact]
    public void Half_of_a_format_names_the_other_half()
    {
        var weights = TinyWeights.PerExpert(_scene.First);
        weights.Remove("layers.1.mlp.experts.2.up_proj.weight");

        Assert.Equal([new LoadProblem(LoadProblemKind.Missing, "layers.1.mlp.experts.2.up_proj.weight", "layers.1.mlp.experts.w13_weight")], _scene.Refused(weights).Problems.AsEnumerable());
    }

    [Fact]
    public void A_prefix_may_be_there_and_ignored_tensors_are_left_alone()
    {
        var weights = _scene.First.ToDictionary(item => "language_model." + item.Key, item => item.Value);
        weights["vision_model.layers.0.weight"] = torch.zeros(2, 2);
        _scene.Load(weights);
        Assert.Equal(_scene.BitsOf(_scene.First), _scene.Bits());

        weights.Remove("language_model.norm.weight");
        Assert.Equal("language_model.norm.weight", Assert.Single(_scene.Refused(weights).Problems).Tensor);
    }

    [Fact]
    public void A_name_with_and_without_the_prefix_is_there_twice()
    {
        var weights = new Dictionary<string, Tensor>(_scene.First) { ["language_model.norm.weight"] = _scene.First["norm.weight"] };

        Assert.Equal(LoadProblemKind.Duplicate, Assert.Single(_scene.Refused(weights).Problems).Kind);
    }

    [Fact]
    public void Widening_loses_nothing_and_narrowing_must_be_asked_for()
    {
        var brief = TinyWeights.Fused(_scene.Sizes, seed: 3, ScalarType.BFloat16);
        _scene.Load(brief);
        Assert.True(_scene.Model.Norm.Equals(brief["norm.weight"].to_type(ScalarType.Float32)));

        using var half = new TinyScene(type: ScalarType.BFloat16);
        Assert.All(half.Refused(half.First).Problems, problem => Assert.Equal(LoadProblemKind.WrongType, problem.Kind));
        half.Load(half.First, options: new LoadOptions { AllowNarrowing = true });
        Assert.True(half.Model.Norm.Equals(half.First["norm.weight"].to_type(ScalarType.BFloat16)));
    }

    [Theory]
    [InlineData(2, 1)]
    [InlineData(4, 1)]
    [InlineData(1, 2)]
    [InlineData(2, 3)]
    public void Ranks_hold_their_slices(int tensorSize, int expertSize)
    {
        _scene.Load(_scene.First);
        var whole = _scene.Model.Layers[0];
        for (var t = 0; t < tensorSize; t++)
        {
            for (var e = 0; e < expertSize; e++)
            {
                using var rank = new TinyModel(_scene.Sizes, new Topology(t, tensorSize, e, expertSize));
                _scene.Load(e == 0 ? _scene.First : TinyWeights.PerExpert(_scene.First), rank);
                var (attention, experts, sizes) = (rank.Layers[0].Attention, rank.Layers[0].FeedForward, _scene.Sizes);

                // From the formulas of column, row and grouped-head parallelism, in rows.
                var (q, kv) = (sizes.Heads * sizes.HeadDim / tensorSize, sizes.HeadDim * Math.Max(1, sizes.KvHeads / tensorSize));
                var kvStart = t * sizes.KvHeads / tensorSize * sizes.HeadDim;
                var (k0, v0) = ((sizes.Heads * sizes.HeadDim) + kvStart, ((sizes.Heads + sizes.KvHeads) * sizes.HeadDim) + kvStart);
                var qkv = whole.Attention.QkvWeight;
                Assert.True(attention.QkvWeight.Equals(torch.cat([qkv[(t * q)..((t + 1) * q)], qkv[k0..(k0 + kv)], qkv[v0..(v0 + kv)]])));
                Assert.True(attention.OWeight.Equals(whole.Attention.OWeight[.., (t * q)..((t + 1) * q)]));

                var (first, count) = (Enumerable.Range(0, e).Sum(r => Held(r)), Held(e));
                int Held(int r) => (sizes.Experts / expertSize) + (r < sizes.Experts % expertSize ? 1 : 0);
                var part = sizes.Intermediate / tensorSize;
                var w13 = whole.FeedForward.W13Weight[first..(first + count)];
                Assert.True(experts.W13Weight.Equals(torch.cat([w13[.., (t * part)..((t + 1) * part)], w13[.., (sizes.Intermediate + (t * part))..(sizes.Intermediate + ((t + 1) * part))]], 1)));
                Assert.True(experts.W2Weight[.., .., ..part].Equals(whole.FeedForward.W2Weight[first..(first + count), .., (t * part)..((t + 1) * part)]));
            }
        }
    }

    [Fact]
    public void A_topology_that_does_not_divide_names_every_axis()
    {
        var error = Assert.Throws<ArgumentException>(() => new TinyModel(_scene.Sizes, new Topology(0, 3)));
        Assert.Contains("heads of size 4 does not divide over 3 tensor-parallel ranks", error.Message, StringComparison.Ordinal);
        Assert.Contains("kv_heads of size 2", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_plan_serves_again_after_the_first_load()
    {
        using var checkpoint = _scene.Stored(_scene.First);
        var plan = LoadPlan.Create(_scene.Model, checkpoint);
        plan.Execute();
        var (bits, addresses) = (_scene.Bits(), _scene.Addresses());
        _scene.Refit(_scene.Second);
        Assert.NotEqual(bits, _scene.Bits());

        foreach (var mode in new[] { RefitMode.InPlace, RefitMode.Staged })
        {
            plan.Execute(mode: mode);
            Assert.Equal(bits, _scene.Bits());
            Assert.Equal(addresses, _scene.Addresses());
        }
    }

    [Fact]
    public void Progress_ends_at_the_total_and_a_cancelled_first_load_is_torn()
    {
        using var checkpoint = _scene.Stored(_scene.First);
        var plan = LoadPlan.Create(_scene.Model, checkpoint);
        using var cancel = new CancellationTokenSource();
        var stop = new Collecting(_ => cancel.Cancel());
        Assert.ThrowsAny<OperationCanceledException>(() => plan.Execute(stop, cancel.Token));
        Assert.Equal(ModelState.Torn, _scene.Model.Parameters.State);
        Assert.Contains("torn", Assert.Throws<ModelStateException>(() => _scene.Model.forward(torch.zeros(1, 10))).Message, StringComparison.Ordinal);

        var all = new Collecting(_ => { });
        var report = plan.Execute(all);
        Assert.Equal(_scene.BitsOf(_scene.First), _scene.Bits());
        Assert.Contains(new LoadProgress(plan.Slots, plan.Slots, plan.Bytes, plan.Bytes), all.Seen);
        Assert.Equal(plan.Slots, report.Slots);
    }

    /// <summary>What each rank takes of divided tensors is its share of their bytes; a norm is whole on each.</summary>
    [Fact]
    public void The_bytes_of_a_plan_are_those_that_a_rank_takes()
    {
        using var checkpoint = _scene.Stored(_scene.First);
        var norm = _scene.First["norm.weight"].numel() * sizeof(float);
        var ranks = Enumerable.Range(0, 2).Select(rank =>
        {
            using var model = new TinyModel(_scene.Sizes, new Topology(rank, 2));
            var plan = LoadPlan.Create(model, checkpoint);
            var all = new Collecting(_ => { });
            plan.Execute(all);
            Assert.Contains(new LoadProgress(plan.Slots, plan.Slots, plan.Bytes, plan.Bytes), all.Seen);
            return plan.Bytes;
        }).ToList();

        Assert.Equal(checkpoint.TotalBytes, LoadPlan.Create(_scene.Model, checkpoint).Bytes);
        Assert.Equal(checkpoint.TotalBytes, ranks.Sum() - norm);
        Assert.Equal(ranks[0], ranks[1]);
    }

    [Fact]
    public void What_has_no_memory_has_the_address_zero()
    {
        using Tensor none = torch.empty(0, 3), meta = torch.empty([2], device: torch.META), some = torch.zeros(2);
        Assert.Equal((0, 0), (TensorAddress.Of(none), TensorAddress.Of(meta)));
        Assert.NotEqual(0, TensorAddress.Of(some));
        Assert.Equal("tensor 1, 24 elements as [4, 6]: from 12, strides [10, 1], to 48, strides [6, 1]", new Lanyard.Layouts.LayoutSlot(1, [4, 6], 12, [10, 1], 48, [6, 1]).ToString());
    }

    private sealed class Collecting(Action<LoadProgress> also) : IProgress<LoadProgress>
    {
        private readonly Lock _lock = new();

        public List<LoadProgress> Seen { get; } = [];

        public void Report(LoadProgress value)
        {
            lock (_lock) Seen.Add(value);
            also(value);
        }
    }

    [Theory]
    [InlineData(RefitMode.Staged)]
    [InlineData(RefitMode.InPlace)]
    public void A_model_on_the_meta_device_is_not_loaded(RefitMode mode)
    {
        using var model = new Turned(META);
        using var checkpoint = _scene.Stored(Turned.Weights(0));
        var plan = LoadPlan.Create(model, checkpoint);

        Assert.Contains(" is on the meta device", Assert.Throws<ModelStateException>(() => plan.Execute(mode: mode)).Message, StringComparison.Ordinal);

        Assert.Equal(ModelState.Building, model.Parameters.State);
        using var refit = model.BeginRefit(mode);
        Assert.Throws<ModelStateException>(() => refit.Write("bias", Turned.Weights(0)["bias"]));
    }

    [Fact]
    public void One_module_in_two_places_is_refused()
    {
        using var layer = new Turned();
        using var model = new SharedLayers(layer, layer);
        using var checkpoint = _scene.Stored(Enumerable.Range(0, 2).SelectMany(i => Turned.Weights(i).Select(item => KeyValuePair.Create($"layers.{i}.{item.Key}", item.Value))));

        var message = Assert.Throws<InvalidOperationException>(() => LoadPlan.Create(model, checkpoint)).Message;

        Assert.StartsWith("Turned is one module in two places, \"layers.0.\" and \"layers.1.\"", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Tensors_of_a_second_format_that_are_refused_are_not_missed_in_the_first()
    {
        using var model = new TinyModel(_scene.Sizes, null, ScalarType.BFloat16);
        using var checkpoint = _scene.Stored(TinyWeights.PerExpert(_scene.First));
        var problems = Assert.Throws<LoadException>(() => LoadPlan.Create(model, checkpoint)).Problems;
        Assert.Equal(checkpoint.Tensors.Keys.Order(), problems.Select(problem => problem.Tensor).Order());
        Assert.All(problems, problem => Assert.Equal(LoadProblemKind.WrongType, problem.Kind));
    }

    [Theory]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.Float16)]
    public void What_progress_throws_comes_out_as_it_is(ScalarType type)
    {
        // One is copied here, the other by libtorch.
        using var checkpoint = _scene.Stored(_scene.First.ToDictionary(item => item.Key, item => item.Value.to_type(type)));
        var plan = LoadPlan.Create(_scene.Model, checkpoint);
        Assert.Throws<TimeoutException>(() => plan.Execute(new Impatient()));
        Assert.Equal(ModelState.Torn, _scene.Model.Parameters.State);
    }

    [Fact]
    public void A_load_that_is_cancelled_before_it_begins_leaves_the_model_as_it_was()
    {
        using var checkpoint = _scene.Stored(_scene.First);
        var plan = LoadPlan.Create(_scene.Model, checkpoint);
        Assert.ThrowsAny<OperationCanceledException>(() => plan.Execute(null, new CancellationToken(true)));
        Assert.Equal(ModelState.Building, _scene.Model.Parameters.State);
        plan.Execute();
        Assert.ThrowsAny<OperationCanceledException>(() => plan.Execute(null, new CancellationToken(true)));
        Assert.Equal(ModelState.Loaded, _scene.Model.Parameters.State);
    }

    private sealed class Impatient : IProgress<LoadProgress>
    {
        public void Report(LoadProgress value) => throw new TimeoutException();
    }
}
