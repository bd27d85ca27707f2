using Lanyard.Checkpoints;
using Lanyard.Models.Llama4;
using Lanyard.Tests;
using TorchSharp;
using static TorchSharp.torch;

namespace Lanyard.Models.Tests.Llama4;

/// <summary>From a checkpoint that transformers wrote to its logits, in float32, within 1e-4; the noise of the reference is below 1e-5.</summary>
public sealed class EndToEndTests
{
    private const double Tolerance = 1e-4;

    [Theory]
    [InlineData("llama4")]
    [InlineData("llama4-per-expert")]
    [InlineData("llama4-published")]
    public void Every_form_of_the_checkpoint_gives_the_reference_logits_at_first_and_after_refits(string form)
    {
        using var model = Load(form);
        Assert.InRange(Difference(model, "llama4"), 0, Tolerance);
        var addresses = Addresses(model);

        Refit(model, RefitMode.Staged, form, "refit");
        Assert.InRange(Difference(model, "llama4", "refit"), 0, Tolerance);

        for (var i = 0; i < 9; i++) Refit(model, i % 2 == 0 ? RefitMode.InPlace : RefitMode.Staged, i % 2 == 0 ? [form] : [form, "refit"]);
        Assert.InRange(Difference(model, "llama4"), 0, Tolerance);
        Assert.Equal(addresses, Addresses(model));
    }

    [Fact]
    public void The_three_forms_fill_the_same_bits()
    {
        using var fused = Load("llama4");
        foreach (var form in new[] { "llama4-per-expert", "llama4-published" })
        {
            using var other = Load(form);
            Assert.Equal(Bits(fused), Bits(other));
        }
    }

    [Fact]
    public void Experts_are_padded_where_the_tree_has_kernel_layouts_and_the_model_computes_the_same()
    {
        using var model = Load("llama4");
        using var plain = Llama4ForCausalLM.FromConfig(PretrainedConfig.Read(Fixtures.Path("llama4"))).OnRank(kernelLayouts: false);
        using (var checkpoint = Checkpoint.Open(Fixtures.Path("llama4"))) LoadPlan.Create(plain, checkpoint).Execute();
        var w2 = model.AllParameters().Where(item => item.Name.EndsWith("experts.w2_weight", StringComparison.Ordinal)).Select(item => item.Parameter).ToList();
        Assert.Equal(2, w2.Count);
        Assert.All(w2, parameter =>
        {
            Assert.Equal([5L, 64, 128], parameter.Value.shape);
            Assert.Equal((ParameterLayout.Kernel, null), (parameter.Layout, parameter.MadeBy));
        });
        var bare = ByName(plain);
        foreach (var (name, value) in ByName(model).Where(item => item.Key.EndsWith("experts.w2_weight", StringComparison.Ordinal)))
        {
            Assert.Equal([5L, 64, 40], bare[name].shape);
            Assert.True(value[.., .., ..40].Equals(bare[name]));
            Assert.Equal(0, value[.., .., 40..].count_nonzero().ToInt64());
        }
        Assert.All(plain.AllParameters(), item => Assert.Equal(ParameterLayout.Model, item.Parameter.Layout));
        Assert.InRange(Difference(model, "llama4"), 0, Tolerance);
        Assert.InRange(Difference(plain, "llama4"), 0, Tolerance);
    }

    [Theory]
    [InlineData]
    [InlineData("refit")]
    public void Greedy_tokens_are_those_of_the_reference(params string[] below)
    {
        using var model = Load(["llama4", .. below]);
        using var scope = NewDisposeScope();
        var expected = Expected("generated_ids", ["llama4", .. below]);
        var generated = model.Generate(expected[.., ..9], newTokens: 24);
        Assert.Equal(expected.data<long>().ToArray(), generated.contiguous().data<long>().ToArray());
    }

    [Fact]
    public void After_a_conversion_to_bfloat16_a_refit_gives_the_bits_of_a_bfloat16_load()
    {
        using var model = Load("llama4");
        model.to(ScalarType.BFloat16);
        Refit(model, RefitMode.Staged, "llama4", "refit");

        using var fresh = Load(["llama4", "refit"], ScalarType.BFloat16);
        Assert.Equal(Bits(fresh), Bits(model));
        Assert.All(model.AllParameters(), item => Assert.Equal(ScalarType.BFloat16, item.Parameter.Value.dtype));

        // Rounding may send a token to another expert, so single logits can be far off; most are not.
        using var scope = NewDisposeScope();
        var logits = model.Logits(Expected("input_ids", ["llama4", "refit"])).to_type(ScalarType.Float32);
        var expected = Expected("logits", ["llama4", "refit"]);
        Assert.InRange((logits - expected).abs().median().ToDouble() / expected.abs().median().ToDouble(), 1e-5, 0.05);
    }

    [Fact]
    public void Where_all_sizes_are_equal_both_formats_still_agree()
    {
        using var square = new SquareCheckpoint();
        using var fused = Load(square.Fused);
        using var perExpert = Load(square.PerExpert);
        Assert.Equal(Bits(fused), Bits(perExpert));

        using var ids = torch.arange(1, 15, dtype: ScalarType.Int64).reshape(1, -1);
        using var a = fused.Logits(ids);
        using var b = perExpert.Logits(ids);
        Assert.True(a.Equals(b));

        // Not by both being wrong in one way: an expert's rows are those of its own file.
        using var checkpoint = Checkpoint.Open(square.PerExpert);
        using var up = checkpoint.View(checkpoint.Tensors["model.layers.1.feed_forward.experts.2.up_proj.weight"]);
        using var down = checkpoint.View(checkpoint.Tensors["model.layers.1.feed_forward.experts.2.down_proj.weight"]);
        var experts = fused.AllParameters().Where(item => item.Name.StartsWith("model.layers.1.feed_forward.experts.", StringComparison.Ordinal)).ToDictionary(item => item.Parameter.Entry.Property, item => item.Parameter.Value);
        Assert.True(experts["W13Weight"][2][SquareCheckpoint.Size..].Equals(up.to_type(ScalarType.Float32)));
        Assert.True(experts["W2Weight"][2][.., ..SquareCheckpoint.Size].Equals(down.to_type(ScalarType.Float32)));
    }

    [Fact]
    public void A_broken_refit_names_all_three_faults_and_the_logits_stay_bit_for_bit()
    {
        using var model = Load("llama4");
        using var ids = Expected("input_ids", ["llama4"]);
        using var before = model.Logits(ids);
        using (var trainer = Checkpoint.Open(Fixtures.Path("llama4-per-expert", "refit")))
        using (var refit = model.BeginRefit())
        {
            foreach (var (name, entry) in trainer.Tensors)
            {
                if (name.EndsWith("layers.3.feed_forward.experts.4.up_proj.weight", StringComparison.Ordinal)) continue;
                using var value = trainer.View(entry);
                refit.Write(name, name == "model.norm.weight" ? value[..1] : value);
            }
            refit.Write("model.layers.3.feed_forward.experts.4.up_proj.wieght", torch.zeros(40, 64));
            var problems = Assert.Throws<LoadException>(() => refit.Commit()).Problems;
            Assert.Equal(
                [
                    (LoadProblemKind.Missing, "model.layers.3.feed_forward.experts.4.up_proj.weight"),
                    (LoadProblemKind.Unexpected, "model.layers.3.feed_forward.experts.4.up_proj.wieght"),
                    (LoadProblemKind.WrongShape, "model.norm.weight"),
                ],
                problems.Select(problem => (problem.Kind, problem.Tensor)).Order());
        }
        using var after = model.Logits(ids);
        Assert.True(before.bytes.SequenceEqual(after.bytes));
    }

    [Fact]
    public void A_rank_holds_its_heads_and_its_experts()
    {
        var config = Llama4Config.Load(Fixtures.Path("llama4"));
        using var whole = Load("llama4");
        using var checkpoint = Checkpoint.Open(Fixtures.Path("llama4"));
        for (var rank = 0; rank < 2; rank++)
        {
            using var model = new Llama4ForCausalLM(config, new Topology(rank, 2, rank, 2));
            LoadPlan.Create(model, checkpoint).Execute();
            var (mine, all) = (ByName(model), ByName(whole));
            var experts = rank == 0 ? ..3 : 3..5;
            Assert.True(mine["model.layers.1.feed_forward.experts.w2_weight"][.., .., ..20].Equals(all["model.layers.1.feed_forward.experts.w2_weight"][experts, .., (rank * 20)..((rank + 1) * 20)]));
            Assert.True(mine["model.layers.0.self_attn.o_weight"].Equals(all["model.layers.0.self_attn.o_weight"][.., (rank * 48)..((rank + 1) * 48)]));
            Assert.Throws<NotSupportedException>(() => model.Logits(torch.zeros(1, 2, dtype: ScalarType.Int64)));
        }
    }

    private static Dictionary<string, Tensor> ByName(Llama4ForCausalLM model) => model.AllParameters().ToDictionary(item => item.Name, item => (Tensor)item.Parameter.Value);

    private static Llama4ForCausalLM Load(string form) => Load([form]);

    private static Llama4ForCausalLM Load(string[] form, ScalarType type = ScalarType.Float32)
    {
        var directory = Fixtures.Path(form);
        var model = Llama4ForCausalLM.FromConfig(directory, dtype: type);
        using var checkpoint = Checkpoint.Open(directory);
        LoadPlan.Create(model, checkpoint).Execute();
        return model;
    }

    private static void Refit(Llama4ForCausalLM model, RefitMode mode, params string[] form)
    {
        using var trainer = Checkpoint.Open(Fixtures.Path(form));
        using var refit = model.BeginRefit(mode);
        refit.Write(trainer);
        refit.Commit();
    }

    private static double Difference(Llama4ForCausalLM model, params string[] reference)
    {
        using var scope = NewDisposeScope();
        return (model.Logits(Expected("input_ids", reference)).to_type(ScalarType.Float32) - Expected("logits", reference)).abs().max().ToDouble();
    }

    private static Tensor Expected(string name, string[] reference)
    {
        using var file = Checkpoint.Open(Fixtures.Path([.. reference, "expected.safetensors"]));
        using var view = file.View(file.Tensors[name]);
        return view.clone();
    }

    private static Dictionary<string, nint> Addresses(Llama4ForCausalLM model) => model.AllParameters().ToDictionary(item => item.Name, item => TensorAddress.Of(item.Parameter.Value));

    private static Dictionary<string, byte[]> Bits(Llama4ForCausalLM model) => model.AllParameters().ToDictionary(item => item.Name, item =>
    {
        using var contiguous = item.Parameter.Value.contiguous();
        return contiguous.bytes.ToArray();
    });
}
