using Lanyard.Tests.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace Lanyard.Tests.Causes;

/// <summary>Files that name tensors otherwise than the model: what the message says, and what it does not say.</summary>
public sealed class OtherNamesTests : IDisposable
{
    private readonly TensorFiles _files = new();

    public void Dispose() => _files.Dispose();

    [Theory]
    [InlineData("model.", "backbone.", 29, "backbone.X where the model has model.X, as backbone.embed_tokens.weight for model.embed_tokens.weight", "new Rename(\"backbone.**\", \"model.**\")")]
    [InlineData("model.", "transformer.model.", 29, "transformer.X where the model has X", "new Rename(\"transformer.**\", \"**\")")]
    [InlineData("model.", "", 29, "X where the model has model.X", "[CheckpointName] or [CheckpointPrefix] of a class says so, or LoadOptions.Names")]
    [InlineData("model.layers", "model.layer", 27, "model.layer.X where the model has model.layers.X", "new Rename(\"model.layer.**\", \"model.layers.**\")")]
    [InlineData("self_attn", "attention", 12, "model.layers.{0..2}.attention.X where the model has model.layers.{0..2}.self_attn.X", "new Rename(\"model.layers.*.attention.**\", \"model.layers.*.self_attn.**\")")]
    [InlineData("mlp", "feed_forward", 9, "model.layers.{0..2}.feed_forward.X where the model has model.layers.{0..2}.mlp.X", "[CheckpointName] or [FromCheckpoint] of a class says so")]
    [InlineData("mlp", "ffn.mlp", 9, "model.layers.{0..2}.ffn.X where the model has model.layers.{0..2}.X", "new Rename(\"model.layers.*.ffn.**\", \"model.layers.*.**\")")]
    [InlineData(".weight", ".weights", 30, "X.weights where the model has X.weight", "[FromCheckpoint] of a class says so, or new Rename(\"**.weights\", \"**.weight\")")]
    public void What_all_names_have_otherwise_is_one_line(string own, string other, int count, string where, string remedy)
    {
        using var model = new PlainLm();
        var refused = Refused(model, Renamed(own, other));

        var line = Assert.Single(Lines(refused));
        Assert.StartsWith($"other names:   {count} tensors are named {where}", line);
        Assert.Contains(remedy, line, StringComparison.Ordinal);

        // Programs have each by itself.
        Assert.Equal((count, count), (refused.Problems.Count(problem => problem.Kind == LoadProblemKind.Missing), refused.Problems.Count(problem => problem.Kind == LoadProblemKind.Unexpected)));
        Assert.All(refused.Problems.Where(problem => problem.Kind == LoadProblemKind.Unexpected), problem => Assert.Equal(problem.Tensor, problem.Nearest!.Replace(own, other, StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("backbone.**", "model.**", "model.", "backbone.")]
    [InlineData("transformer.**", "**", "model.", "transformer.model.")]
    [InlineData("**.weights", "**.weight", ".weight", ".weights")]
    [InlineData("model.layers.*.ffn.**", "model.layers.*.**", "mlp", "ffn.mlp")]
    [InlineData("model.layers.*.attention.**", "model.layers.*.self_attn.**", "self_attn", "attention")]
    public void The_rename_that_a_message_names_loads_the_file(string from, string to, string own, string other)
    {
        using var model = new PlainLm();
        var weights = Renamed(own, other);
        Assert.Contains($"new Rename(\"{from}\", \"{to}\")", Refused(model, weights).Message, StringComparison.Ordinal);
        Assert.Equal(30, _files.Load(model, weights, new LoadOptions { Names = new NameMapping { Renames = [new Rename(from, to)] } }).Tensors);
    }

    [Fact]
    public void The_file_of_the_whole_is_told_to_who_loads_a_part_and_loads_as_it_says()
    {
        using var part = new PlainTower();
        var refused = Refused(part, PlainTower.Weights());

        Assert.StartsWith("other names:   29 tensors are named model.X where the model has X", Lines(refused)[0]);
        Assert.EndsWith("it is loaded with below: \"model.\"", Lines(refused)[0]);
        Assert.Equal("unexpected:    lm_head.weight", Lines(refused)[1]);
        LoadPlan.Create(part, _files.Stored(PlainTower.Weights()), below: "model.").Execute();
    }

    [Theory]
    [InlineData("self_attn.q_proj", "self_attn.q_porj")]
    [InlineData("mlp.down_proj", "mlp.down")]
    [InlineData("mlp.gate_proj", "mlp.gate")]
    [InlineData("self_attn.q_proj", "self_attn.query")]
    [InlineData("input_layernorm", "inputLayerNorm")]
    [InlineData("post_attention_layernorm.weight", "post_attention_layernorm.weights")]
    public void One_name_of_each_layer_is_asked_for(string own, string other)
    {
        using var model = new PlainLm();
        var lines = Lines(Refused(model, Renamed(own, other)));

        Assert.Equal(2, lines.Length);
        var (missing, meant) = (lines[0]["missing:       ".Length..].Split(' ')[0], lines[1].Split("; did you mean ")[1]);
        Assert.Equal($"{missing}?", meant);
        Assert.Equal($"unexpected:    {missing.Replace(own, other, StringComparison.Ordinal)}", lines[1].Split(';')[0]);
        Assert.StartsWith("model.layers.{0..2}.", missing);
    }

    [Theory]
    [InlineData("self_attn.q_proj", "self_attn.z_proj")]
    [InlineData("self_attn.q_proj", "self_attn.k_porj")]
    [InlineData("self_attn.o_proj", "self_attn.dense")]
    [InlineData("mlp.gate_proj", "mlp.w1")]
    [InlineData("mlp.up_proj", "mlp.experts.0.up_proj")]
    [InlineData("post_attention_layernorm", "pre_feedforward_layernorm")]
    [InlineData("input_layernorm", "ln_1")]
    [InlineData("q_proj.weight", "q_proj.bias")]
    public void Another_weight_is_not_suggested(string own, string other)
    {
        using var model = new PlainLm();
        var refused = Refused(model, Renamed(own, other));
        Assert.All(refused.Problems, problem => Assert.Null(problem.Nearest));
        Assert.DoesNotContain("did you mean", refused.Message, StringComparison.Ordinal);
        Assert.Contains("missing:       model.layers.{0..2}.", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_came_is_never_what_was_meant()
    {
        using var model = new PlainLm();
        var weights = PlainTower.Weights();
        foreach (var name in new[] { "model.lm_head.weight", "model.layers.1.self_attn.q_porj.weight", "model.layers.1.mlp.down.weight" }) weights[name] = torch.zeros(1);
        Assert.All(Refused(model, weights).Problems, problem => Assert.Null(problem.Nearest));
    }

    [Fact]
    public void A_refit_of_a_subset_is_told_what_did_not_come()
    {
        using var model = new PlainLm();
        _files.Load(model, PlainTower.Weights());
        using var refit = model.BeginRefit(scope: RefitScope.Subset);
        refit.Write("model.layers.0.self_attn.o_porj.weight", torch.zeros(6, 8));
        refit.Write("model.norm.weight", torch.zeros(6));
        refit.Write("model.nrom.weight", torch.zeros(6));
        Assert.Equal(
            [("model.layers.0.self_attn.o_porj.weight", "model.layers.0.self_attn.o_proj.weight"), ("model.nrom.weight", null)],
            Assert.Throws<LoadException>(() => refit.Commit()).Problems.Select(problem => (problem.Tensor, problem.Nearest)));
    }

    [Fact]
    public void A_name_in_another_format_is_suggested_only_where_the_parameter_lacks()
    {
        using var scene = new TinyScene();
        var weights = TinyWeights.PerExpert(scene.First);
        const string name = "layers.0.mlp.experts.1.up_proj.weight", wrong = "layers.0.mlp.experts.1.up_proj.wieght";
        weights[wrong] = weights[name];
        weights.Remove(name);
        Assert.Equal([(LoadProblemKind.Missing, name, null), (LoadProblemKind.Unexpected, wrong, name)], scene.Refused(weights).Problems.Select(problem => (problem.Kind, problem.Tensor, problem.Nearest)).Order());

        // All experts are there, in one tensor.
        var fused = new Dictionary<string, Tensor>(scene.First) { [wrong] = weights[wrong] };
        Assert.Equal([(wrong, null)], scene.Refused(fused).Problems.Select(problem => (problem.Tensor, problem.Nearest)));
    }

    private static Dictionary<string, Tensor> Renamed(string own, string other) => PlainTower.Weights().ToDictionary(item => item.Key.Replace(own, other, StringComparison.Ordinal), item => item.Value);

    private static string[] Lines(LoadException refused) => [.. refused.Message.Split('\n').Skip(1).Select(line => line.Trim())];

    private LoadException Refused(IParameterModule model, Dictionary<string, Tensor> weights) => Assert.Throws<LoadException>(() => LoadPlan.Create(model, _files.Stored(weights)));
}
