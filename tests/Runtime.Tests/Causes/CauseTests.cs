using Lanyard.Checkpoints;
using Lanyard.Tests.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace Lanyard.Tests.Causes;

/// <summary>What is behind many problems is said once; programs have each problem by itself.</summary>
public sealed class CauseTests : IDisposable
{
    private readonly TensorFiles _files = new();

    public void Dispose() => _files.Dispose();

    [Fact]
    public void A_layer_too_few_says_how_many_both_have_and_suggests_no_other_layer()
    {
        using var model = new PlainLm(layers: 2);
        var refused = Refused(model, PlainTower.Weights(layers: 4));

        Assert.Equal(
            ["unexpected:    18 tensors of model.layers.{2,3}: model.layers has 2 items (0,1) in the model, 4 items (0..3) in what came. The model is made as long as its configuration says; LoadOptions.Names leaves the rest alone, Ignore = [\"model.layers.2.**\", \"model.layers.3.**\"]"],
            Lines(refused));
        Assert.Equal(18, refused.Problems.Length);
        Assert.All(refused.Problems, problem => Assert.Null(problem.Nearest));
        _files.Load(model, PlainTower.Weights(layers: 4), new LoadOptions { Names = new NameMapping { Ignore = ["model.layers.2.**", "model.layers.3.**"] } });
    }

    [Fact]
    public void A_layer_too_many_says_how_many_both_have()
    {
        using var model = new PlainLm(layers: 4);
        var refused = Refused(model, PlainTower.Weights(layers: 3));
        Assert.Equal(["missing:       9 tensors of model.layers.3: model.layers has 4 items (0..3) in the model, 3 items (0..2) in what came. The model is made as long as its configuration says"], Lines(refused));
        Assert.Equal(9, refused.Problems.Length);
    }

    [Fact]
    public void A_list_that_the_file_counts_from_one_is_told()
    {
        using var model = new PlainLm();
        var shifted = PlainTower.Weights().ToDictionary(item => item.Key.Replace("layers.2", "layers.3").Replace("layers.1", "layers.2").Replace("layers.0", "layers.1"), item => item.Value);
        Assert.All(Lines(Refused(model, shifted)), line => Assert.EndsWith("in what came: as many, which the file counts from 1. A list says so with First of [CheckpointName], an axis in a name as in {experts + 1}", line));
    }

    [Fact]
    public void A_wrong_prefix_and_other_lengths_are_two_causes()
    {
        using var model = new PlainLm(layers: 3);
        var weights = PlainTower.Weights(layers: 5).ToDictionary(item => item.Key.Replace("model.", "backbone."), item => item.Value);
        var lines = Lines(Refused(model, weights));
        Assert.Equal(2, lines.Length);
        Assert.StartsWith("other names:   29 tensors are named backbone.X where the model has model.X", lines[0]);
        Assert.StartsWith("unexpected:    18 tensors of model.layers.{3,4}: model.layers has 3 items (0..2) in the model, 5 items (0..4) in what came", lines[1]);

        // As the message says both: names are ignored before they are renamed.
        Assert.EndsWith("Ignore = [\"backbone.layers.3.**\", \"backbone.layers.4.**\"]", lines[1]);
        _files.Load(model, weights, new LoadOptions { Names = new NameMapping { Renames = [new("backbone.**", "model.**")], Ignore = ["backbone.layers.3.**", "backbone.layers.4.**"] } });
    }

    [Fact]
    public void A_wrong_prefix_hides_no_misspelling()
    {
        using var model = new PlainLm();
        var weights = PlainTower.Weights().ToDictionary(item => item.Key.Replace("model.", "backbone.").Replace("q_proj", "q_porj"), item => item.Value);
        var lines = Lines(Refused(model, weights));
        Assert.Equal(3, lines.Length);
        Assert.StartsWith("other names:   26 tensors are named backbone.X where the model has model.X", lines[0]);
        Assert.Equal("unexpected:    backbone.layers.{0..2}.self_attn.q_porj.weight; did you mean model.layers.{0..2}.self_attn.q_proj.weight?", lines[2]);
    }

    [Fact]
    public void A_parameter_that_came_in_another_format_below_a_wrong_prefix_is_missed_in_none()
    {
        using var scene = new TinyScene();
        foreach (var given in new[] { scene.First, TinyWeights.PerExpert(scene.First) })
            Assert.StartsWith($"other names:   {given.Count} tensors are named foo.X where the model has X", Assert.Single(Lines(scene.Refused(given.ToDictionary(item => "foo." + item.Key, item => item.Value)))));
        var elsewhere = scene.First.ToDictionary(item => item.Key.Replace("mlp.", "moe."), item => item.Value);
        Assert.StartsWith("other names:   4 tensors are named layers.{0,1}.moe.X where the model has layers.{0,1}.mlp.X", Assert.Single(Lines(scene.Refused(elsewhere))));
    }

    [Fact]
    public void A_branch_below_the_optional_prefix_is_left_alone_as_the_message_says()
    {
        using var scene = new TinyScene();
        var weights = scene.First.Concat(new[] { "a", "b", "c" }.Select(name => KeyValuePair.Create($"tower.{name}", torch.zeros(1)))).ToDictionary(item => "language_model." + item.Key, item => item.Value);
        Assert.Contains("[Ignore(\"tower.**\")] on the model's class or, for one load, by LoadOptions.Names: new NameMapping { Ignore = [\"language_model.tower.**\"] }", Assert.Single(Lines(scene.Refused(weights))), StringComparison.Ordinal);
        scene.Load(weights, options: new LoadOptions { Names = new NameMapping { Ignore = ["language_model.tower.**"] } });
    }

    [Fact]
    public void What_came_near_what_lacks_is_not_told_to_be_left_alone()
    {
        using var model = new PlainLm();
        var weights = PlainTower.Weights().ToDictionary(item => item.Key.Replace("o_proj", "dense"), item => item.Value);
        Assert.DoesNotContain("Ignore", Refused(model, weights).Message, StringComparison.Ordinal);
        weights["model.rope.inv_freq"] = torch.zeros(2);
        Assert.Contains("Ignore = [\"model.rope.inv_freq\"]", Refused(model, weights).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ScalarType.Float16, ScalarType.BFloat16, "wrong type:    all 30 tensors are BF16, the model F16. Make the model of BF16, or have them rounded: LoadOptions.AllowNarrowing for this load, or Cast with the sources")]
    [InlineData(ScalarType.BFloat16, ScalarType.Float32, "wrong type:    all 30 tensors are F32, the model BF16. Make the model of F32, or have them rounded: LoadOptions.AllowNarrowing for this load, or Cast with the sources")]
    [InlineData(ScalarType.Float32, ScalarType.Int64, "wrong type:    all 30 tensors are I64, the model F32. How they are stored is declared with the sources, as by an Encoding")]
    public void One_wrong_type_for_all_is_one_line(ScalarType own, ScalarType stored, string line)
    {
        using var model = new PlainLm(3, own);
        var refused = Refused(model, PlainTower.Weights(3, stored));
        Assert.Equal([line], Lines(refused));
        Assert.Equal(30, refused.Problems.Length);
    }

    [Fact]
    public void A_few_wrong_types_are_named_each()
    {
        using var model = new PlainLm(3, ScalarType.BFloat16);
        var weights = PlainTower.Weights(3, ScalarType.BFloat16);
        foreach (var name in weights.Keys.Where(name => name.EndsWith("norm.weight", StringComparison.Ordinal)).ToList()) weights[name] = weights[name].to_type(ScalarType.Float32);
        Assert.Equal(
            ["model.norm.weight", "model.layers.{0..2}.input_layernorm.weight", "model.layers.{0..2}.post_attention_layernorm.weight"],
            Lines(Refused(model, weights)).Select(line => line.Split(':')[1].Trim()).OrderBy(name => name.Length));

        // All but a few.
        weights = PlainTower.Weights();
        weights["model.norm.weight"] = weights["model.norm.weight"].to_type(ScalarType.BFloat16);
        Assert.StartsWith("wrong type:    29 of 30 tensors are F32, the model BF16, such as ", Assert.Single(Lines(Refused(model, weights))));
    }

    [Theory]
    [InlineData("lm_head.weight", "model.embed_tokens.weight")]
    [InlineData("model.embed_tokens.weight", "lm_head.weight")]
    public void A_head_without_a_tensor_of_its_own_is_told_of_tying(string missing, string came)
    {
        using var model = new PlainLm();
        var weights = PlainTower.Weights();
        weights.Remove(missing);
        var line = Assert.Single(Lines(Refused(model, weights)));
        Assert.StartsWith($"missing:       {missing} (parameter ", line);
        Assert.Contains($"; {came} came and has the same shape: where the two are tied, files have one of them. A class for such files has [CheckpointAlias(\"{missing}\", \"{came}\")] and, for both kinds, When ", line, StringComparison.Ordinal);

        // Not where something else came that may be it, and not where it is no head.
        weights["output.weight"] = PlainTower.Weights()["lm_head.weight"];
        Assert.DoesNotContain("tied", Refused(model, weights).Message, StringComparison.Ordinal);
        weights = PlainTower.Weights();
        weights.Remove("model.layers.0.self_attn.k_proj.weight");
        Assert.DoesNotContain("tied", Refused(model, weights).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_refit_under_the_name_of_a_parameter_is_told_the_names_of_its_tensors()
    {
        using var model = new PlainLm();
        _files.Load(model, PlainTower.Weights());
        using (var refit = model.BeginRefit(scope: RefitScope.Subset))
        {
            for (var layer = 0; layer < 3; layer++) refit.Write($"model.layers.{layer}.qkv_weight", torch.zeros(16, 6));
            Assert.Equal(
                ["unexpected:    model.layers.{0..2}.qkv_weight: the name of a parameter. Loads and refits take tensors by the names of their sources: model.layers.{0..2}.self_attn.q_proj.weight, model.layers.{0..2}.self_attn.k_proj.weight, model.layers.{0..2}.self_attn.v_proj.weight"],
                Lines(Assert.Throws<LoadException>(() => refit.Commit())));
        }

        // As state_dict() has all of them.
        using var whole = model.BeginRefit();
        foreach (var (name, parameter) in model.AllParameters()) whole.Write(name, parameter.Value.clone());
        var refused = Assert.Throws<LoadException>(() => whole.Commit());
        Assert.Equal(
            ["unexpected:    21 names are those of parameters, as state_dict() has them, such as lm_head_weight. Loads and refits take tensors by the names of their sources, lm_head.weight; Export writes a model under those"],
            Lines(refused));
        Assert.Equal(21 + 30, refused.Problems.Length);

        // One parameter by itself says so, too.
        Assert.Contains("expected a source of ", Assert.Throws<LoadException>(() => model.Model.Layers[0].Parameters.QkvWeight.Load("mlp.down_proj.weight", torch.zeros(6, 10))).Message, StringComparison.Ordinal);
        Assert.Contains(": self_attn.q_proj.weight, self_attn.k_proj.weight, self_attn.v_proj.weight", Assert.Throws<LoadException>(() => model.Model.Layers[0].Parameters.QkvWeight.Load("mlp.down_proj.weight", torch.zeros(6, 10))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_tensor_that_nothing_needs_is_told_with_what_leaves_it_alone()
    {
        using var model = new PlainLm();
        var weights = PlainTower.Weights();
        for (var layer = 0; layer < 3; layer++) weights[$"model.layers.{layer}.self_attn.rotary_emb.inv_freq"] = torch.zeros(4);
        Assert.Equal(
            [
                "unexpected:    model.layers.{0..2}.self_attn.rotary_emb.inv_freq",
                "A tensor that nothing needs is left alone by [Ignore] on a class or, for one load, by LoadOptions.Names: new NameMapping { Ignore = [\"model.layers.*.self_attn.rotary_emb.inv_freq\"] }",
            ],
            Lines(Refused(model, weights)));

        var names = new NameMapping { Ignore = ["model.layers.*.self_attn.rotary_emb.inv_freq"] };
        _files.Load(model, weights, new LoadOptions { Names = names });
        using var refit = model.BeginRefit(options: new LoadOptions { Names = names });
        refit.Write(weights);
        refit.Commit();
        var asked = model.Checksums();
        Assert.True(asked.Compare(WeightChecksums.Of(_files.Stored(weights), asked, names: names)).IsProof);
    }

    [Fact]
    public void A_branch_that_the_model_has_not_is_one_line_with_what_leaves_it_alone()
    {
        using var model = new PlainLm();
        var weights = PlainTower.Weights();
        foreach (var (name, _) in PlainLayer.Shapes)
        {
            for (var layer = 0; layer < 2; layer++) weights[$"vision_tower.blocks.{layer}.{name}"] = torch.zeros(2);
        }
        weights["vision_tower.patch_embed.weight"] = torch.zeros(2);
        var line = Assert.Single(Lines(Refused(model, weights)));
        Assert.StartsWith("unexpected:    19 tensors below vision_tower, of which the model has nothing, such as vision_tower.", line);
        Assert.EndsWith("They are left alone by [Ignore(\"vision_tower.**\")] on the model's class or, for one load, by LoadOptions.Names: new NameMapping { Ignore = [\"vision_tower.**\"] }", line);
        _files.Load(model, weights, new LoadOptions { Names = new NameMapping { Ignore = ["vision_tower.**"] } });
    }

    [Fact]
    public void A_bias_beside_a_weight_is_not_told_to_be_left_alone()
    {
        using var model = new PlainLm();
        var weights = PlainTower.Weights();
        for (var layer = 0; layer < 3; layer++) weights[$"model.layers.{layer}.self_attn.q_proj.bias"] = torch.zeros(8);
        Assert.Equal(
            [
                "unexpected:    model.layers.{0..2}.self_attn.q_proj.bias",
                "model.layers.0.self_attn.q_proj.bias stands beside tensors that the model takes, and may be part of what it computes: where it is, the class has a parameter for it.",
            ],
            Lines(Refused(model, weights)));
    }

    [Fact]
    public void A_part_of_each_layer_of_which_nothing_came_is_one_line()
    {
        using var model = new PlainLm();
        var weights = PlainTower.Weights().Where(item => !item.Key.Contains(".mlp.", StringComparison.Ordinal)).ToDictionary();
        Assert.StartsWith("missing:       9 tensors below model.layers.{0..2}.mlp, of which nothing came, such as model.layers.0.mlp.", Assert.Single(Lines(Refused(model, weights))));
    }

    [Fact]
    public void The_checkpoint_of_another_model_is_told_as_that()
    {
        using var model = new PlainLm();
        var lines = Lines(Refused(model, new() { ["a.b"] = torch.zeros(2), ["a.c"] = torch.zeros(2) }));
        Assert.Equal("Not one of the 2 names that came is one of the model's: is it the checkpoint of another model?", lines[^1]);
        Assert.StartsWith("missing:       29 tensors below model, of which nothing came, such as ", lines[0]);
        Assert.Equal("missing:       lm_head.weight (parameter lm_head_weight)", lines[1]);
    }

    [Fact]
    public void Tensors_of_quantised_weights_and_of_adapters_are_told_as_those()
    {
        using var model = new PlainLm();
        var weights = PlainTower.Weights();
        weights.Remove("model.layers.0.self_attn.q_proj.weight");
        weights["model.layers.0.self_attn.q_proj.qweight"] = torch.zeros(1, 8, dtype: ScalarType.Int32);
        weights["model.layers.0.self_attn.q_proj.scales"] = torch.zeros(1, 8);
        var refused = Refused(model, weights);
        Assert.All(refused.Problems, problem => Assert.Null(problem.Nearest));
        Assert.StartsWith("What stands beside quantised weights belongs to a source with an Encoding", Lines(refused)[^1]);

        weights = PlainTower.Weights();
        weights["model.layers.0.self_attn.q_proj.lora_A.weight"] = torch.zeros(1, 8);
        Assert.Contains(Lines(Refused(model, weights)), line => line.StartsWith("Names with lora_ are the factors of an adapter", StringComparison.Ordinal));
    }

    [Fact]
    public void One_file_of_several_is_told_where_tensors_lack()
    {
        using var folder = new Checkpoints.TemporaryFolder();
        using var model = new PlainLm();
        var weights = PlainTower.Weights();
        var path = folder.At("model-00001-of-00002.safetensors");
        CheckpointWriter.Write(path, weights.Where(item => item.Key != "lm_head.weight").Select(item => (item.Key, item.Value)));
        using var checkpoint = Checkpoint.Open(path);
        Assert.Equal("The file is one of 2: their folder, or their index, stands for all of them.", Lines(Assert.Throws<LoadException>(() => LoadPlan.Create(model, checkpoint)))[^1]);
    }

    [Fact]
    public void What_no_map_describes_is_told_once_with_what_came_for_it()
    {
        using var model = new WithLinear();
        var refused = Refused(model, new() { ["o_proj.weight"] = torch.zeros(2, 2), ["scale"] = torch.zeros(2) });
        var line = Assert.Single(Lines(refused));
        Assert.StartsWith("without a map: o_proj.weight: expected ", line);
        Assert.EndsWith("; 1 tensor that came has no place until then", line);
        Assert.Equal([LoadProblemKind.Unexpected, LoadProblemKind.Unmapped], refused.Problems.Select(problem => problem.Kind).Order());
        Assert.All(refused.Problems, problem => Assert.Null(problem.Nearest));
    }

    [Fact]
    public async Task Names_of_a_file_that_are_made_to_cost_time_do_not()
    {
        using var model = new PlainLm();
        var headers = _files.Stored(PlainTower.Weights()).Tensors.Values.Take(20).ToList();
        var first = headers[0];
        headers.AddRange(Enumerable.Range(0, 50_000).Select(i => first with { Name = $"model.layers.{i}.{i}.wieght" }));
        headers.AddRange(Enumerable.Range(0, 1_000).Select(i => first with { Name = $"m{i}." + string.Concat(Enumerable.Repeat($"{i}.", 1000)) }));
        headers.Add(first with { Name = string.Concat(Enumerable.Repeat("a.", 500_000)) });
        await Task.Run(() => Assert.Throws<LoadException>(() => LoadPlan.Check(model, headers))).WaitAsync(TimeSpan.FromSeconds(60));
    }

    private static string[] Lines(LoadException refused) => [.. refused.Message.Split('\n').Skip(1).Select(line => line.Trim())];

    private LoadException Refused(IParameterModule model, Dictionary<string, Tensor> weights) => Assert.Throws<LoadException>(() => LoadPlan.Create(model, _files.Stored(weights)));
}
