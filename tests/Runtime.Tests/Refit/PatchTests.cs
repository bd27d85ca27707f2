using Lanyard.Tests.Export;
using Lanyard.Tests.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace Lanyard.Tests.Refit;

public sealed class PatchTests : IDisposable
{
    private readonly TinyScene _scene = new();

    public PatchTests() => _scene.Load(_scene.First);

    public void Dispose() => _scene.Dispose();

    [Theory]
    [InlineData(RefitMode.Staged)]
    [InlineData(RefitMode.InPlace)]
    public void A_few_elements_of_many_tensors_change_and_nothing_else(RefitMode mode)
    {
        var (weights, addresses) = (Copy(_scene.First), _scene.Addresses());
        var random = new Random(1);
        using (var refit = _scene.Model.BeginRefit(mode, RefitScope.Subset))
        {
            foreach (var (name, value) in weights.Where(item => !item.Key.EndsWith("down_proj", StringComparison.Ordinal)))
            {
                var indices = Enumerable.Range(0, (int)value.numel()).OrderBy(_ => random.Next()).Take(7).Select(i => (long)i).ToArray();
                var values = indices.Select(i => i + 0.5f).ToArray();
                refit.Patch(name, torch.tensor(indices), torch.tensor(values));
                for (var i = 0; i < indices.Length; i++) value.view(-1)[indices[i]] = values[i];
            }
            Assert.Equal(["layers.0.self_attn.Transpose", "layers.1.self_attn.Transpose"], refit.Commit().PostLoads.AsEnumerable());
        }
        Assert.Equal(_scene.BitsOf(weights), _scene.Bits());
        Assert.Equal(addresses, _scene.Addresses());
    }

    [Fact]
    public void Patches_mix_with_whole_tensors_and_reach_experts_that_are_sent_one_by_one()
    {
        var weights = Copy(_scene.First);
        weights["layers.0.mlp.experts.down_proj"] = _scene.Second["layers.0.mlp.experts.down_proj"];
        using (var refit = _scene.Model.BeginRefit(RefitMode.Staged, RefitScope.Subset))
        {
            refit.Write("layers.0.mlp.experts.down_proj", weights["layers.0.mlp.experts.down_proj"]);
            refit.Patch("layers.1.mlp.experts.2.up_proj.weight", torch.tensor(new long[] { 13 }), torch.tensor(new[] { 4f }));
            refit.Patch("layers.1.mlp.experts.2.up_proj.weight", torch.tensor(new long[] { 12 }), torch.tensor(new[] { 5f }));
            refit.Commit();
        }

        // Row 1, columns 3 and 2 of up_proj [intermediate, hidden] lie transposed in the fused tensor, after gate.
        var fused = weights["layers.1.mlp.experts.gate_up_proj"];
        fused[2, 3, _scene.Sizes.Intermediate + 1] = 4f;
        fused[2, 2, _scene.Sizes.Intermediate + 1] = 5f;
        Assert.Equal(_scene.BitsOf(weights), _scene.Bits());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void A_rank_takes_its_elements_and_skips_those_of_others(int rank)
    {
        using var model = new TinyModel(_scene.Sizes, new Topology(rank, 2, rank, 2));
        _scene.Load(_scene.First, model);
        var weights = Copy(_scene.First);
        using (var refit = model.BeginRefit(RefitMode.Staged, RefitScope.Subset))
        {
            foreach (var name in new[] { "layers.0.self_attn.k_proj.weight", "layers.1.mlp.experts.gate_up_proj", "layers.1.self_attn.o_proj.weight" })
            {
                var indices = torch.arange(0, weights[name].numel(), 3, dtype: ScalarType.Int64);
                var values = -torch.arange(0, indices.numel(), dtype: ScalarType.Float32);
                refit.Patch(name, indices, values);
                weights[name].view(-1).index_copy_(0, indices, values);
            }
            refit.Commit();
        }
        using var fresh = new TinyModel(_scene.Sizes, new Topology(rank, 2, rank, 2));
        _scene.Load(weights, fresh);
        Assert.Equal(_scene.Bits(fresh), _scene.Bits(model));
    }

    [Fact]
    public void Everything_wrong_with_patches_is_listed_and_nothing_changes()
    {
        var before = _scene.Bits();
        using (var refit = _scene.Model.BeginRefit(RefitMode.InPlace, RefitScope.Subset))
        {
            var one = torch.tensor(new[] { 1f });
            refit.Patch("norm.weight", torch.tensor(new long[] { 10 }), one);
            refit.Patch("layers.0.self_attn.q_proj.weight", torch.tensor(new long[] { -1 }), one);
            refit.Patch("layers.0.self_attn.k_proj.weight", torch.tensor(new long[] { 3, 2, 3 }), torch.tensor(new[] { 1f, 1f, 1f }));
            refit.Patch("layers.0.self_attn.v_proj.weight", torch.tensor(new long[] { 3 }), one);
            refit.Patch("layers.0.self_attn.v_proj.weight", torch.tensor(new long[] { 4, 3 }), torch.tensor(new[] { 1f, 1f }));
            refit.Patch("layers.0.self_attn.o_proj.wieght", torch.tensor(new long[] { 3 }), one);
            refit.Patch("layers.0.mlp.experts.down_proj", torch.tensor(new long[] { 3 }), one);
            refit.Patch("layers.1.self_attn.q_proj.weight", torch.tensor(new long[] { 3 }), torch.tensor(new[] { 1L }));
            var found = Assert.Throws<LoadException>(() => refit.Commit()).Problems.Select(problem => (problem.Kind, problem.Tensor, problem.Found));
            Assert.Equal(
                [
                    (LoadProblemKind.Missing, "layers.0.mlp.experts.down_proj", null),
                    (LoadProblemKind.Unexpected, "layers.0.self_attn.o_proj.wieght", null),
                    (LoadProblemKind.WrongPatch, "layers.0.mlp.experts.down_proj", "elements, of which PadForKernel has left nothing"),
                    (LoadProblemKind.WrongPatch, "layers.0.self_attn.k_proj.weight", "index 3 twice"),
                    (LoadProblemKind.WrongPatch, "layers.0.self_attn.q_proj.weight", "index -1"),
                    (LoadProblemKind.WrongPatch, "layers.0.self_attn.v_proj.weight", "index 3 twice"),
                    (LoadProblemKind.WrongPatch, "norm.weight", "index 10 of 10 elements"),
                    (LoadProblemKind.WrongType, "layers.1.self_attn.q_proj.weight", "I64"),
                ],
                found.Where(problem => problem.Kind != LoadProblemKind.Missing).Append((LoadProblemKind.Missing, "layers.0.mlp.experts.down_proj", null)).OrderBy(problem => problem.Item1.ToString(), StringComparer.Ordinal).ThenBy(problem => problem.Item2, StringComparer.Ordinal));
        }
        Assert.Equal(before, _scene.Bits());
        Assert.Equal(ModelState.Loaded, _scene.Model.Parameters.State);
    }

    [Theory]
    [InlineData(RefitMode.Staged)]
    [InlineData(RefitMode.InPlace)]
    public void Patches_are_taken_back_with_the_rest(RefitMode mode)
    {
        var before = _scene.Bits();
        _scene.Model.Layers[1].FeedForward.FailPostLoad = true;
        using (var refit = _scene.Model.BeginRefit(mode, RefitScope.Subset))
        {
            refit.Patch("layers.0.self_attn.o_proj.weight", torch.tensor(new long[] { 3, 4 }), torch.tensor(new[] { 1f, 2f }));
            // In place the method runs as soon as it can, otherwise at the commit.
            var write = () => refit.Write("layers.1.mlp.experts.down_proj", _scene.Second["layers.1.mlp.experts.down_proj"]);
            if (mode == RefitMode.InPlace) Assert.Throws<InvalidOperationException>(write);
            else write();
            if (mode == RefitMode.InPlace) Assert.Throws<ModelStateException>(() => refit.Commit());
            else Assert.Throws<InvalidOperationException>(() => refit.Commit());
        }
        Assert.Equal(mode == RefitMode.Staged ? ModelState.Loaded : ModelState.Torn, _scene.Model.Parameters.State);
        if (mode == RefitMode.Staged) Assert.Equal(before, _scene.Bits());
    }

    [Fact]
    public void A_patch_and_the_whole_of_one_tensor_are_twice()
    {
        using var refit = _scene.Model.BeginRefit(RefitMode.Staged, RefitScope.Subset);
        refit.Write("norm.weight", _scene.Second["norm.weight"]);
        refit.Patch("norm.weight", torch.tensor(new long[] { 1 }), torch.tensor(new[] { 1f }));
        Assert.Equal(LoadProblemKind.Duplicate, Assert.Single(Assert.Throws<LoadException>(() => refit.Commit()).Problems).Kind);
    }

    [Fact]
    public void Patches_of_every_tensor_are_a_whole_refit()
    {
        using var model = new TinyProjection(6, 5);
        using (var refit = model.BeginRefit())
        {
            refit.Write("weight", torch.zeros(6, 5));
            refit.Commit();
        }
        using (var refit = model.BeginRefit(RefitMode.InPlace))
        {
            refit.Patch("weight", torch.tensor(new long[] { 1 }), torch.tensor(new[] { 2f }));
            refit.Commit();
        }
        Assert.Equal(2f, model.Weight[1, 0].ToSingle());
        Assert.Equal(2f, model.Weight.sum().ToSingle());
    }

    private static Dictionary<string, Tensor> Copy(Dictionary<string, Tensor> weights) => weights.ToDictionary(item => item.Key, item => item.Value.clone());

    [Theory]
    [InlineData(RefitMode.Staged)]
    [InlineData(RefitMode.InPlace)]
    public void A_patch_of_a_tensor_that_fills_two_parameters_reaches_both(RefitMode mode)
    {
        using var scope = NewDisposeScope();
        using var layer = new LatentLayer(hasBias: false);
        var weight = torch.randn(20, 5);
        using (var refit = layer.BeginRefit())
        {
            refit.Write("kv_b_proj.weight", weight);
            refit.Write("embed.weight", torch.zeros(5, 3));
            refit.Commit();
        }
        using (var refit = layer.BeginRefit(mode, RefitScope.Subset))
        {
            refit.Patch("kv_b_proj.weight", torch.tensor(new long[] { 0, 15 }), torch.tensor(new[] { 7f, 8f }));
            refit.Commit();
        }
        Assert.Equal((7f, 8f), (layer.KeyUp[0, 0, 0].ToSingle(), layer.ValueUp[0, 0, 0].ToSingle()));
    }

    [Fact]
    public void A_view_that_negates_its_one_element_is_patched_as_it_reads()
    {
        using var scope = NewDisposeScope();
        var complex = torch.complex(torch.tensor(new[] { 1f }), torch.tensor(new[] { 5f }));
        var minus = complex.conj().imag;
        Assert.Equal(-5f, minus[0].ToSingle());
        using (var refit = _scene.Model.BeginRefit(RefitMode.Staged, RefitScope.Subset))
        {
            refit.Patch("norm.weight", torch.tensor(new long[] { 0 }), minus);
            refit.Commit();
        }
        Assert.Equal(-5f, _scene.Model.Norm[0].ToSingle());
    }

    [Theory]
    [InlineData(ScalarType.ComplexFloat32, false)]
    [InlineData(ScalarType.ComplexFloat64, false)]
    [InlineData(ScalarType.ComplexFloat32, true)]
    [InlineData(ScalarType.ComplexFloat64, true)]
    public void A_complex_parameter_is_patched_with_whole_elements(ScalarType type, bool conjugate)
    {
        using var scope = NewDisposeScope();
        using var model = new PartedLinear(type);
        using (var refit = model.BeginRefit())
        {
            refit.Write("weight", torch.zeros([6, 2], type));
            refit.Commit();
        }
        var value = torch.complex(torch.tensor(new[] { 5f }), torch.tensor(new[] { 6f })).to_type(type);
        using (var refit = model.BeginRefit(scope: RefitScope.Subset))
        {
            refit.Patch("weight", torch.tensor(new long[] { 1 }), conjugate ? value.conj() : value);
            refit.Commit();
        }
        var expected = torch.zeros(6, 2, 2);
        expected[0, 1, 0] = 5;
        expected[0, 1, 1] = conjugate ? -6 : 6;
        Assert.True(torch.view_as_real(model.Weight).to_type(ScalarType.Float32).Equals(expected));
    }
}
