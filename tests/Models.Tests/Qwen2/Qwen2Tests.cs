using Lanyard.Checkpoints;
using Lanyard.Models.Qwen2;
using Lanyard.Tests;
using TorchSharp;
using static TorchSharp.torch;

namespace Lanyard.Models.Tests.Qwen2;

/// <summary>From checkpoints that transformers wrote to their logits, in float32, within 1e-4; the noise of the reference is below 1e-5.</summary>
public sealed class Qwen2Tests : IDisposable
{
    private const double Tolerance = 1e-4;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("lanyard-");

    public static TheoryData<string> Forms => ["qwen2", "qwen2-tied"];

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [MemberData(nameof(Forms))]
    public void Logits_are_those_of_the_reference_at_first_and_after_refits(string form)
    {
        using var model = Load(form);
        Assert.InRange(Difference(model, form), 0, Tolerance);
        foreach (var mode in new[] { RefitMode.Staged, RefitMode.InPlace })
        {
            Refit(model, mode, form, "refit");
            Assert.InRange(Difference(model, form, "refit"), 0, Tolerance);
            Refit(model, mode, form);
            Assert.InRange(Difference(model, form), 0, Tolerance);
        }
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void Hidden_states_and_greedy_tokens_are_too(string form)
    {
        using var model = Load(form);
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        using var expected = ExpectedOutputs.Read(Fixtures.Path(form));
        foreach (var (state, reference) in model.Model.HiddenStates(expected.InputIds).Zip(expected.HiddenStates)) Assert.InRange(ExpectedOutputs.LargestDifference(state, reference), 0, Tolerance);
        var generated = model.Generate(expected.GeneratedIds[.., ..9], newTokens: 24);
        Assert.Equal(expected.GeneratedIds.data<long>().ToArray(), generated.contiguous().data<long>().ToArray());
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void Ranks_merge_to_the_stored_bits(string form)
    {
        using var checkpoint = Checkpoint.Open(Fixtures.Path(form));
        var parts = new List<string>();
        for (var rank = 0; rank < 2; rank++)
        {
            using var model = Qwen2ForCausalLM.FromConfig(Fixtures.Path(form), new Topology(rank, 2), ScalarType.BFloat16);
            LoadPlan.Create(model, checkpoint).Execute();
            Assert.Throws<NotSupportedException>(() => model.call(zeros(1, 2, ScalarType.Int64)));
            parts.Add(Path.Combine(_folder.FullName, $"{rank}"));
            model.Export(parts[^1]);
        }
        var merged = Path.Combine(_folder.FullName, "merged");
        CheckpointMerge.Merge(parts, merged);
        using var again = Checkpoint.Open(merged);
        Assert.Equal(checkpoint.Tensors.Keys.Order(), again.Tensors.Keys.Order());
        foreach (var (name, stored) in checkpoint.Tensors) Assert.True(checkpoint.View(stored).bytes.SequenceEqual(again.View(again.Tensors[name]).bytes), name);
    }

    [Theory]
    [InlineData("\"model_type\": \"qwen3\"", "model_type is \"qwen3\"")]
    [InlineData("\"use_sliding_window\": true", "use_sliding_window is true")]
    [InlineData("\"rope_parameters\": {\"partial_rotary_factor\": 0.5}", "rope_parameters.partial_rotary_factor is not 1")]
    [InlineData("\"hidden_act\": \"gelu\"", "hidden_act is \"gelu\"")]
    [InlineData("\"rope_scaling\": {\"type\": \"yarn\", \"factor\": 4}", "rope_scaling.type is \"yarn\"")]
    [InlineData("\"num_key_value_heads\": 4", "num_attention_heads is 6, not a multiple")]
    [InlineData("\"head_dim\": 12", "head_dim is another width")]
    [InlineData("\"hidden_size\": 61", "hidden_size is 61 for 6 heads")]
    public void What_the_forward_pass_would_compute_otherwise_is_refused(string changed, string message)
    {
        var json = System.Text.Json.Nodes.JsonNode.Parse(File.ReadAllText(Fixtures.Path("qwen2", "config.json")))!.AsObject();
        foreach (var (key, value) in System.Text.Json.Nodes.JsonNode.Parse($"{{{changed}}}")!.AsObject()) json[key] = value?.DeepClone();
        Assert.Contains(message, Assert.Throws<ConfigException>(() => Qwen2Config.Parse(json.ToJsonString())).Message, StringComparison.Ordinal);
    }

    private static Qwen2ForCausalLM Load(string form)
    {
        var model = Qwen2ForCausalLM.FromConfig(Fixtures.Path(form));
        using var checkpoint = Checkpoint.Open(Fixtures.Path(form));
        LoadPlan.Create(model, checkpoint).Execute();
        return model;
    }

    private static void Refit(Qwen2ForCausalLM model, RefitMode mode, params string[] path)
    {
        using var checkpoint = Checkpoint.Open(Fixtures.Path(path));
        using var refit = model.BeginRefit(mode);
        refit.Write(checkpoint);
        refit.Commit();
    }

    private static double Difference(Qwen2ForCausalLM model, params string[] path)
    {
        using var expected = ExpectedOutputs.Read(Fixtures.Path(path));
        using var logits = model.Logits(expected.InputIds);
        return ExpectedOutputs.LargestDifference(logits, expected.Logits);
    }
}
