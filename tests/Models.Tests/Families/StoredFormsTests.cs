using System.Text.Json.Nodes;
using Lanyard.Checkpoints;
using Lanyard.Models.Layers;
using Lanyard.Tests;
using TorchSharp;
using static TorchSharp.torch;

namespace Lanyard.Models.Tests.Families;

/// <summary>Checkpoints that are not quite what was published: heads tied and untied, other types, forms that mix, scales and experts that lack.</summary>
public sealed class StoredFormsTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("lanyard-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("deepseek-v3", "lm_head.weight", "model.embed_tokens.weight")]
    [InlineData("glm-moe-dsa", "lm_head.weight", "model.embed_tokens.weight")]
    [InlineData("kimi-k2.5", "language_model.lm_head.weight", "language_model.model.embed_tokens.weight")]
    [InlineData("deepseek-v4", "head.weight", "embed.weight")]
    [InlineData("nemotron-h", "lm_head.weight", "backbone.embeddings.weight")]
    [InlineData("qwen3-5", "lm_head.weight", "model.embed_tokens.weight")]
    [InlineData("qwen3-5-published", "lm_head.weight", "model.language_model.embed_tokens.weight")]
    [InlineData("gemma4", "lm_head.weight", "model.embed_tokens.weight")]
    [InlineData("gemma4-published", "lm_head.weight", "model.language_model.embed_tokens.weight")]
    public void A_head_is_the_embedding_where_the_configuration_says_so(string form, string head, string embedding)
    {
        using var ids = tensor(new long[] { 3, 1, 4, 1, 5, 9 }).view(1, 6);
        using var scope = NewDisposeScope();
        using var untied = Load(Write(form, "untied", Tied(false), WithHead(static rows => rows)));
        var expected = untied.Logits(ids);
        using (var without = Load(Write(form, "without", Tied(true), tensors => tensors.Where(tensor => tensor.Name != head)))) Assert.Equal(0, ExpectedOutputs.LargestDifference(without.Logits(ids), expected));
        using (var with = Load(Write(form, "with", Tied(true), WithHead(static rows => rows)))) Assert.Equal(0, ExpectedOutputs.LargestDifference(with.Logits(ids), expected));
        Assert.Contains(head, Assert.Throws<LoadException>(() => Load(Write(form, "other", Tied(true), WithHead(static rows => rows.Negated())))).Message, StringComparison.Ordinal);
        Assert.Contains(head, Assert.Throws<LoadException>(() => Load(Write(form, "lacks", Tied(false), tensors => tensors.Where(tensor => tensor.Name != head)))).Message, StringComparison.Ordinal);

        Func<List<StoredTensor>, IEnumerable<StoredTensor>> WithHead(Func<StoredTensor, StoredTensor> change) =>
            tensors => [.. tensors.Where(tensor => tensor.Name != head), change(tensors.Single(tensor => tensor.Name == embedding)) with { Name = head }];
    }

    /// <summary>Releases differ in which small tensors are F32: all are read from BF16, and norms and routers of F32 are rounded to the model's type.</summary>
    [Theory]
    [InlineData("deepseek-v3")]
    [InlineData("glm-moe-dsa-shared")]
    [InlineData("deepseek-v4")]
    [InlineData("qwen3-5")]
    [InlineData("qwen3-5-moe-published")]
    [InlineData("gemma4")]
    [InlineData("gemma4-moe")]
    [InlineData("minimax-m2")]
    [InlineData("mixtral")]
    [InlineData("gpt-oss")]
    [InlineData("nemotron-h")]
    [InlineData("qwen3-moe")]
    public void Types_of_small_tensors_change_between_releases(string form)
    {
        using var scope = NewDisposeScope();
        using var ids = tensor(new long[] { 3, 1, 4, 1, 5, 9 }).view(1, 6);
        var narrow = Write(form, "narrow", null, tensors => tensors.Select(static tensor => tensor.Type == "F32" ? tensor.Narrowed() : tensor));
        using (var model = Load(narrow, ScalarType.Float32))
        {
            using var again = Load(Write(form, "rounded", null, tensors => tensors.Select(static tensor => tensor.Type == "F32" ? tensor.Narrowed().Widened() : tensor)), ScalarType.Float32);
            Assert.Equal(0, ExpectedOutputs.LargestDifference(model.Logits(ids), again.Logits(ids)));
        }

        // Norms and routers in F32, in a model of BF16.
        using var plain = Load(Write(form, "plain", null, static tensors => tensors), ScalarType.BFloat16);
        using var wide = Load(Write(form, "wide", null, tensors => tensors.Select(static tensor => IsNormOrRouter(tensor.Name) && tensor.Type == "BF16" ? tensor.Widened() : tensor)), ScalarType.BFloat16);
        Assert.Equal(0, ExpectedOutputs.LargestDifference(plain.Logits(ids), wide.Logits(ids)));
    }

    [Fact]
    public void Forms_mix_from_parameter_to_parameter()
    {
        using var scope = NewDisposeScope();
        using var random = new Generator(5);
        static bool IsExpert(string name) => name.Contains(".mlp.experts.", StringComparison.Ordinal);
        var mixed = Write("deepseek-v3-fp8", "mixed", null, tensors => tensors
            .Where(tensor => !IsExpert(tensor.Name) || !tensor.Name.EndsWith("_scale_inv", StringComparison.Ordinal))
            .Select(tensor => IsExpert(tensor.Name) ? tensor with { Type = "BF16", Bytes = randn(tensor.Shape, generator: random).Times(0.05).to(ScalarType.BFloat16).bytes.ToArray() } : tensor)
            .ToList());
        using var whole = Load(Fixtures.Path("deepseek-v3-fp8"), ScalarType.Float32);
        using var model = Load(mixed, ScalarType.Float32);
        using var stored = Checkpoint.Open(mixed);
        var (before, after) = (Parameters(whole), Parameters(model));
        foreach (var (name, value) in after.Where(static parameter => parameter.Key.EndsWith("experts.w2_weight", StringComparison.Ordinal)))
        {
            var layer = name.Split('.').First(static part => int.TryParse(part, out _));
            Assert.Equal(0, ExpectedOutputs.LargestDifference(value.select(0, 1), stored.View(stored.Tensors[$"model.layers.{layer}.mlp.experts.1.down_proj.weight"])));
        }
        Assert.All(after.Where(static parameter => !parameter.Key.Contains(".experts.", StringComparison.Ordinal)), parameter => Assert.Equal(0, ExpectedOutputs.LargestDifference(parameter.Value, before[parameter.Key])));
        Assert.Contains(after, static parameter => parameter.Key.EndsWith("experts.w2_weight", StringComparison.Ordinal));

        static Dictionary<string, Tensor> Parameters(CausalLM model) => model.Tree().AllParameters().ToDictionary(static parameter => parameter.Name, static parameter => (Tensor)parameter.Parameter.Value);
    }

    /// <summary>The form comes from the tensors: a configuration may say less, or more.</summary>
    [Theory]
    [InlineData("deepseek-v3-fp8", null)]
    [InlineData("deepseek-v4-quantised", null)]
    [InlineData("minimax-m2-fp8", null)]
    [InlineData("gpt-oss-mxfp4", null)]
    [InlineData("deepseek-v3", "deepseek-v3-fp8")]
    [InlineData("gpt-oss", "gpt-oss-mxfp4")]
    public void What_a_configuration_says_of_quantisation_decides_nothing(string form, string? configured)
    {
        using var scope = NewDisposeScope();
        using var ids = tensor(new long[] { 3, 1, 4, 1, 5, 9 }).view(1, 6);
        using var plain = Load(Fixtures.Path(form));
        var said = configured is null ? null : JsonNode.Parse(File.ReadAllText(Fixtures.Path(configured, "config.json")))!["quantization_config"];
        Assert.Equal(configured is null, said is null);
        using var model = Load(Write(form, "said", config => config["quantization_config"] = said?.DeepClone(), static tensors => tensors));
        Assert.Equal(0, ExpectedOutputs.LargestDifference(model.Logits(ids), plain.Logits(ids)));
    }

    [Theory]
    [InlineData("deepseek-v3-fp8", "_scale_inv", "model.layers.1.self_attn.o_proj.weight")]
    [InlineData("deepseek-v3-fp8", "_scale_inv", "model.layers.1.mlp.experts.3.up_proj.weight")]
    [InlineData("deepseek-v3-fp8", "_scale_inv", "model.layers.1.mlp.shared_experts.down_proj.weight")]
    [InlineData("minimax-m2-fp8", "_scale_inv", "model.layers.1.self_attn.o_proj.weight")]
    [InlineData("deepseek-v4-quantised", "scale", "layers.1.attn.wo_a.")]
    [InlineData("deepseek-v4-quantised", "scale", "layers.1.ffn.experts.2.w3.")]
    [InlineData("gpt-oss-mxfp4", "_scales", "model.layers.1.mlp.experts.down_proj")]
    public void Codes_without_their_scales_are_refused(string form, string scale, string of)
    {
        Assert.Contains(of + scale, Assert.Throws<LoadException>(() => Load(Write(form, "one", null, tensors => tensors.Where(tensor => tensor.Name != of + scale)))).Message, StringComparison.Ordinal);
        Assert.Throws<LoadException>(() => Load(Write(form, "all", null, tensors => tensors.Where(tensor => !tensor.Name.EndsWith(scale, StringComparison.Ordinal)))));
    }

    [Theory]
    [InlineData("deepseek-v3", "model.layers.1.mlp.experts.7.down_proj.weight", "n_routed_experts", 8)]
    [InlineData("glm-moe-dsa", "model.layers.1.mlp.experts.11.down_proj.weight", "n_routed_experts", 12)]
    [InlineData("qwen3-5-moe", "model.layers.1.mlp.experts.6.down_proj.weight", "num_experts", 7)]
    [InlineData("deepseek-v4", "layers.1.ffn.experts.6.w2.weight", "n_routed_experts", 7)]
    [InlineData("nemotron-h", "backbone.layers.1.mixer.experts.6.down_proj.weight", "n_routed_experts", 7)]
    public void An_expert_more_or_less_is_told(string form, string last, string key, int count)
    {
        Assert.Contains(last, Assert.Throws<LoadException>(() => Load(Write(form, "less", null, tensors => tensors.Where(tensor => tensor.Name != last)))).Message, StringComparison.Ordinal);
        Assert.Equal(count, (int)JsonNode.Parse(File.ReadAllText(Fixtures.Path(form, "config.json")))![key]!);
        var more = last.Replace($".{count - 1}.", $".{count}.", StringComparison.Ordinal);
        Assert.Contains(more, Assert.Throws<LoadException>(() => Load(Write(form, "more", null, tensors => [.. tensors, tensors.First(tensor => tensor.Name == last) with { Name = more }]))).Message, StringComparison.Ordinal);
    }

    private static bool IsNormOrRouter(string name) =>
        name.EndsWith("norm.weight", StringComparison.Ordinal) || name.EndsWith(".mlp.gate.weight", StringComparison.Ordinal) || name.EndsWith(".mixer.gate.weight", StringComparison.Ordinal) || name.EndsWith(".ffn.gate.weight", StringComparison.Ordinal) || name.EndsWith("block_sparse_moe.gate.weight", StringComparison.Ordinal) || name.EndsWith("router.proj.weight", StringComparison.Ordinal) || name.EndsWith("router.weight", StringComparison.Ordinal) || name.EndsWith("weights_proj.weight", StringComparison.Ordinal) || name.EndsWith("shared_expert_gate.weight", StringComparison.Ordinal);

    private static Action<JsonObject> Tied(bool tied) => config =>
    {
        config["tie_word_embeddings"] = tied;
        if (config["text_config"] is JsonObject text) text["tie_word_embeddings"] = tied;
    };

    private static CausalLM Load(string folder, ScalarType type = ScalarType.Float32) => (CausalLM)(object)AutoModel.FromPretrained(folder, new PretrainedOptions { Type = type });

    private string Write(string form, string name, Action<JsonObject>? configured, Func<List<StoredTensor>, IEnumerable<StoredTensor>> change)
    {
        var source = form == "kimi-k2.5" ? "deepseek-v3" : form;
        var prefix = form == "kimi-k2.5" ? "language_model." : "";
        var tensors = StoredTensor.Read(Fixtures.Path(source)).ConvertAll(tensor => tensor with { Name = prefix + tensor.Name });
        var folder = Path.Combine(_folder.FullName, name);
        Directory.CreateDirectory(folder);
        StoredTensor.Write(Path.Combine(folder, "model.safetensors"), change(tensors));
        var config = JsonNode.Parse(File.ReadAllText(Fixtures.Path(source, "config.json")))!.AsObject();
        if (prefix.Length > 0)
        {
            config["model_type"] = "kimi_k2";
            config = new JsonObject { ["model_type"] = "kimi_k25", ["architectures"] = new JsonArray("KimiK25ForConditionalGeneration"), ["text_config"] = config };
        }
        configured?.Invoke(config);
        File.WriteAllText(Path.Combine(folder, "config.json"), config.ToJsonString());
        return folder;
    }
}
