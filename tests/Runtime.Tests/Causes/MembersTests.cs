using Lanyard.Tests.Models;
using static TorchSharp.torch;

namespace Lanyard.Tests.Causes;

/// <summary>Where a class, its configuration and a file disagree about what there is, the message says which of them says what.</summary>
public sealed class MembersTests : IDisposable
{
    private readonly TensorFiles _files = new();

    public void Dispose() => _files.Dispose();

    [Fact]
    public void A_source_that_is_named_from_the_root_is_told_what_to_be_called()
    {
        var weights = Weights();
        for (var i = 0; i < 2; i++) Rename(weights, $"layers.{i}.layers.0.mlp.weight", $"layers.{i}.mlp.weight");
        Assert.Equal(
            ["missing:       layers.{0,1}.layers.0.mlp.weight (parameter layers.{0,1}.weight); layers.{0,1}.mlp.weight came: names in [FromCheckpoint] begin at the class itself, so that of MiswrittenLayer is \"mlp.weight\" in place of \"layers.0.mlp.weight\""],
            Lines(Refused(weights)));
    }

    [Fact]
    public void So_is_one_under_the_name_of_its_parameter()
    {
        var weights = Weights();
        for (var i = 0; i < 2; i++) Rename(weights, $"layers.{i}.layers.0.mlp.weight", $"layers.{i}.weight");
        Assert.EndsWith("so that of MiswrittenLayer is \"weight\" in place of \"layers.0.mlp.weight\"", Assert.Single(Lines(Refused(weights))));
    }

    [Fact]
    public void A_tensor_of_a_parameter_that_the_instance_is_made_without_names_the_condition()
    {
        var weights = Weights();
        weights["layers.1.q_proj.bias"] = randn(6);
        Assert.Equal(
            ["unexpected:    layers.1.q_proj.bias: of layers.1.qk_bias, which this model is made without: the condition of MiswrittenLayer.QkBias, its When, does not hold. Make the model with it, as the configuration of the file says"],
            Lines(Refused(weights)));
    }

    [Fact]
    public void Tensors_of_a_list_without_items_name_the_list_and_suggest_no_ignore()
    {
        var weights = Weights();
        foreach (var name in (string[])["q_proj.weight", "k_proj.weight", "both.weight"]) weights[$"experts.0.{name}"] = weights[$"layers.0.{name}"];
        Assert.Equal(
            ["unexpected:    3 tensors below experts, such as experts.0.both.weight: MiswrittenHost has the child experts, which has nothing in this model: a list is empty, or a child is null. Make the model with it, as the configuration of the file says"],
            Lines(Refused(weights)));
    }

    [Fact]
    public void One_tensor_in_place_of_several_gives_the_source_to_write()
    {
        var weights = Weights();
        for (var i = 0; i < 2; i++)
        {
            weights[$"layers.{i}.qk.weight"] = cat([weights[$"layers.{i}.q_proj.weight"], weights[$"layers.{i}.k_proj.weight"]]);
            weights.Remove($"layers.{i}.q_proj.weight");
            weights.Remove($"layers.{i}.k_proj.weight");
        }
        Assert.Equal(
            ["missing:       layers.{0,1}.q_proj.weight, layers.{0,1}.k_proj.weight (parameter layers.{0,1}.qk); layers.{0,1}.qk.weight came, with as many elements: where the file has in one tensor what the class takes from several, MiswrittenLayer.Qk has [FromCheckpoint(\"qk.weight\", \"(q: out + k: out) in\")], with the parts in the order of the file, and a Format where there are files of both kinds"],
            Lines(Refused(weights)));
    }

    [Fact]
    public void Several_tensors_in_place_of_one_are_told_to_be_parts()
    {
        var weights = Weights();
        for (var i = 0; i < 2; i++)
        {
            weights.Remove($"layers.{i}.both.weight");
            weights[$"layers.{i}.first.weight"] = randn(2);
            weights[$"layers.{i}.second.weight"] = randn(4);
        }
        Assert.Equal(
            ["missing:       layers.{0,1}.both.weight (parameter layers.{0,1}.both); layers.{0,1}.first.weight, layers.{0,1}.second.weight came, with as many elements: where the file has in several tensors what the class takes from one, MiswrittenLayer.Both has a source for each of them, with Part, and a Format where there are files of both kinds"],
            Lines(Refused(weights)));
    }

    [Fact]
    public void What_the_options_leave_alone_and_the_model_needs_is_not_said_to_be_away()
    {
        Assert.Equal(
            ["missing:       layers.{0,1}.both.weight (parameter layers.0.both): came, and LoadOptions.Names left them alone; narrow its Ignore, or the renames to null"],
            Lines(Refused(Weights(), new LoadOptions { Names = new NameMapping { Ignore = ["**.both.*"] } })));
    }

    [Fact]
    public void Names_of_parameters_of_a_part_are_no_other_model()
    {
        using var model = Loaded();
        using var refit = model.BeginRefit(RefitMode.Staged, RefitScope.Subset);
        refit.Write("qk", randn(12, 3));
        refit.Write("both", randn(6));
        Assert.Equal(
            ["unexpected:    both, qk: names of parameters of a part of the model, as its state_dict() has them: qk is that of layers.{0,1}.qk. Loads and refits take tensors by the names of their sources, from where they begin: layers.{0,1}.q_proj.weight, layers.{0,1}.k_proj.weight"],
            Lines(Assert.Throws<LoadException>(() => refit.Commit())));
    }

    [Fact]
    public void Aliases_and_ignores_that_are_written_from_the_root_or_the_wrong_way_round_are_told_so()
    {
        using var model = new MisplacedNames();
        var weights = new Dictionary<string, Tensor> { ["second"] = randn(3), ["head"] = randn(3), ["body.tail"] = randn(3), ["body.inv_freq"] = randn(3) };
        Assert.Equal(
            [
                "unexpected:    second: [CheckpointAlias(\"own\", \"second\")] of MisplacedNames is the wrong way round: the other name is first, [CheckpointAlias(\"second\", \"own\")]",
                "unexpected:    head: [CheckpointAlias(\"head\", \"body.weight\")] of MisplacedBody begins at the class itself, where the names are body.head and body.body.weight: put it on the class of the root, or write what stands below body",
                "unexpected:    body.tail: [CheckpointAlias(\"tail\", \"gone\")] of MisplacedBody makes it another name of body.gone, which is no tensor of the model",
                "unused ignore: [Ignore(\"body.inv_freq\")] begins at its class itself, where it is body.body.inv_freq; body.inv_freq came: put it on the class of the root, or write what stands below the module",
            ],
            Lines(Assert.Throws<LoadException>(() => LoadPlan.Create(model, _files.Stored(weights)))));
    }

    [Theory]
    [InlineData("capitals", "in capitals, as LM_HEAD.WEIGHT for lm_head.weight: LoadOptions.Names says so, new NameMapping { Code = name => name.ToLowerInvariant() }")]
    [InlineData("slashes", "with / for ., as lm_head/weight for lm_head.weight: LoadOptions.Names says so, new NameMapping { Code = name => name.Replace('/', '.') }")]
    [InlineData("zeros", "with zeros before numbers, as model.layers.00.")]
    public void Names_that_are_spelled_otherwise_throughout_are_one_line(string how, string expected)
    {
        Func<string, string> spell = how switch
        {
            "capitals" => name => name.ToUpperInvariant(),
            "slashes" => name => name.Replace('.', '/'),
            _ => name => name.Replace("layers.", "layers.0", StringComparison.Ordinal),
        };
        using var model = new PlainLm();
        var weights = PlainTower.Weights().ToDictionary(item => spell(item.Key), item => item.Value);
        var line = Assert.Single(Lines(Assert.Throws<LoadException>(() => LoadPlan.Create(model, _files.Stored(weights)))));
        Assert.Contains(expected, line, StringComparison.Ordinal);
    }

    [Fact]
    public void Matrices_that_lie_the_other_way_round_are_told_with_the_pattern()
    {
        using var model = new PlainLm();
        var weights = PlainTower.Weights().ToDictionary(item => item.Key, item => item.Key.Contains("down_proj", StringComparison.Ordinal) ? item.Value.t().contiguous() : item.Value);
        Assert.Equal(
            ["wrong shape:   model.layers.{0..2}.mlp.down_proj.weight: expected [6, 10], found [10, 6]: the other way round, so that the source of PlainLayer is \"intermediate hidden\""],
            Lines(Assert.Throws<LoadException>(() => LoadPlan.Create(model, _files.Stored(weights)))).Select(line => line[..line.IndexOf(" (parameter", StringComparison.Ordinal)]));
    }

    [Fact]
    public void A_size_that_is_another_in_all_tensors_is_one_line()
    {
        using var model = new PlainLm();
        var weights = PlainTower.Weights().ToDictionary(item => item.Key, item => item.Value.shape is [.., PlainTower.Width] ? cat([item.Value, item.Value], -1) : item.Value);
        var wide = weights.Count(item => item.Value.shape[^1] == 2 * PlainTower.Width);
        var lines = Lines(Assert.Throws<LoadException>(() => LoadPlan.Create(model, _files.Stored(weights))));
        Assert.StartsWith($"wrong shape:   hidden is 6 in the model and 12 in what came: {wide} tensors, such as ", Assert.Single(lines));
    }

    [Fact]
    public void Factors_of_an_adapter_are_not_told_to_be_ignored()
    {
        var weights = Weights();
        weights["layers.0.q_proj.lora_A.weight"] = randn(2, 3);
        Assert.DoesNotContain(Lines(Refused(weights)), line => line.Contains("Ignore", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("gguf")]
    [InlineData("hf")]
    public void A_format_that_no_source_has_is_refused_by_a_load_and_a_refit(string format)
    {
        using var model = Loaded();
        var options = new LoadOptions { Format = format };
        using var checkpoint = _files.Stored(Weights());
        Assert.Equal($"No parameter has the format \"{format}\". There are no formats: no source states one.", Assert.Throws<ArgumentException>(() => LoadPlan.Create(model, checkpoint, options)).Message);
        Assert.Throws<ArgumentException>(() => model.BeginRefit(options: options));
        Assert.Equal(ModelState.Loaded, model.Parameters.State);
        using var refit = model.BeginRefit(options: new LoadOptions { Format = "" });
    }

    [Theory]
    [InlineData("layers.0.q_proj.weight")]
    [InlineData("wieght")]
    [InlineData("qk")]
    public void A_parameter_that_is_loaded_by_another_name_says_those_of_its_sources(string name)
    {
        using var model = Loaded();
        Assert.Equal(
            [$"unexpected:    {name}: expected a source of MiswrittenLayer.Qk: q_proj.weight, k_proj.weight (parameter qk)"],
            Lines(Assert.Throws<LoadException>(() => model.Layers[0].Parameters.Qk.Load(name, randn(12, 3)))));
    }

    [Fact]
    public void A_refit_of_a_subset_that_brings_nothing_is_a_warning()
    {
        using var model = Loaded();
        using (var refit = model.BeginRefit(RefitMode.Staged, RefitScope.Subset))
            Assert.Equal("no tensor came, so that nothing was changed: is what brings them empty?", Assert.Single(refit.Commit().Warnings));
        using (var refit = model.BeginRefit(RefitMode.Staged, RefitScope.Subset))
        {
            refit.Patch("layers.0.both.weight", tensor(new long[] { 1 }), tensor(new[] { 2f }));
            Assert.Empty(refit.Commit().Warnings);
        }
    }

    [Fact]
    public void A_tensor_that_was_disposed_is_named()
    {
        using var model = Loaded();
        using var refit = model.BeginRefit(RefitMode.Staged, RefitScope.Subset);
        var gone = randn(6);
        gone.Dispose();
        Assert.StartsWith("layers.0.both.weight was disposed before it came", Assert.Throws<ArgumentException>(() => refit.Write("layers.0.both.weight", gone)).Message, StringComparison.Ordinal);
        refit.Write("layers.0.both.weight", randn(6));
        refit.Commit();
    }

    [Fact]
    public void A_rank_that_is_said_late_names_both_ways_to_say_it()
    {
        using var model = new MiswrittenHost().OnRank(Topology.Single);
        Assert.EndsWith("call CreateParameters in the constructor, or OnRank after it, once, before they are.", Assert.Throws<ModelStateException>(() => model.OnRank(Topology.Single)).Message, StringComparison.Ordinal);
        using var loaded = Loaded();
        Assert.Contains("A loaded model is converted and moved by to()", Assert.Throws<ModelStateException>(() => loaded.OnRank(Topology.Single)).Message, StringComparison.Ordinal);
    }

    private static string[] Lines(LoadException refused) => [.. refused.Message.Split('\n').Skip(1).Select(line => line.Trim())];

    private static Dictionary<string, Tensor> Weights()
    {
        using var model = new MiswrittenHost();
        return model.ExpectedTensors().ToDictionary(tensor => tensor.Name, tensor => randn([.. tensor.Shape]));
    }

    private static void Rename(Dictionary<string, Tensor> weights, string from, string to)
    {
        weights.Remove(from, out var value);
        weights.Add(to, value!);
    }

    private MiswrittenHost Loaded()
    {
        var model = new MiswrittenHost();
        _files.Load(model, Weights());
        return model;
    }

    private LoadException Refused(Dictionary<string, Tensor> weights, LoadOptions? options = null)
    {
        using var model = new MiswrittenHost();
        return Assert.Throws<LoadException>(() => LoadPlan.Create(model, _files.Stored(weights), options));
    }
}
