using System.Text.Json.Nodes;
using Lanyard.Checkpoints;
using Lanyard.Models.Layers;
using Lanyard.Models.Qwen2;
using Lanyard.Tests;
using TorchSharp;
using static TorchSharp.torch;

namespace Lanyard.Models.Tests.Pretrained;

/// <summary>A GGUF file says itself what model it is of: the checkpoint that transformers wrote, under the names and keys that llama.cpp's converter gives them.</summary>
public sealed class GgufPretrainedTests : IDisposable
{
    private const double Tolerance = 1e-4;
    private const uint F32 = 0;
    private const uint Bf16 = 30;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("lanyard-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("qwen2")]
    [InlineData("qwen2-tied")]
    public void A_file_that_says_enough_is_loaded_by_itself(string form)
    {
        using var model = AutoModel.FromPretrained(Write(form), options: null);
        using var reference = ExpectedOutputs.Read(Fixtures.Path(form));
        using var logits = Assert.IsType<Qwen2ForCausalLM>(model).Logits(reference.InputIds);
        Assert.InRange(ExpectedOutputs.LargestDifference(logits, reference.Logits), 0, Tolerance);
    }

    /// <summary>What the reference writer made of the checkpoints whose logits transformers computed.</summary>
    [Theory]
    [InlineData("llama3", "LlamaForCausalLM")]
    [InlineData("mixtral", "MixtralForCausalLM")]
    [InlineData("qwen3-moe", "Qwen3MoeForCausalLM")]
    public void Files_of_the_reference_writer_are_too(string form, string expected)
    {
        using var model = AutoModel.FromPretrained(Fixtures.Path("gguf", $"{form}.gguf"));
        Assert.Equal(expected, model.GetType().Name);
        using var reference = ExpectedOutputs.Read(Fixtures.Path(form));
        using var _ = no_grad();
        using var logits = model.call(reference.InputIds);
        Assert.InRange(ExpectedOutputs.LargestDifference(logits, reference.Logits), 0, Tolerance);
    }

    [Theory]
    [InlineData("qwen2.attention.sliding_window", 128u, "its metadata says qwen2.attention.sliding_window, of which nothing is known here")]
    [InlineData("qwen2.rope.scaling.type", "longrope", "rope_scaling.rope_type is \"longrope\"")]
    [InlineData("qwen2.rope.dimension_count", 4u, "partial_rotary_factor is")]
    [InlineData("qwen2.rope.scaling.factor", 4f, "qwen2.rope.scaling.factor without a type")]
    [InlineData("qwen2.attention.value_length", 4u, "its metadata says that values are 4 wide and keys 10")]
    public void What_the_model_would_compute_otherwise_is_refused(string key, object value, string message) =>
        Assert.Contains(message, Assert.ThrowsAny<Exception>(() => AutoModel.FromPretrained(Write("qwen2", file => file.With(key, value)), options: null)).Message, StringComparison.Ordinal);

    [Fact]
    public void What_it_does_not_say_is_asked_for_under_the_name_that_a_configuration_has()
    {
        var message = Assert.Throws<ConfigException>(() => AutoModel.FromPretrained(Write("qwen2", without: "qwen2.block_count"), options: null)).Message;
        Assert.Contains("num_hidden_layers is missing", message, StringComparison.Ordinal);
        Assert.Contains("model.gguf", message, StringComparison.Ordinal);
    }

    /// <summary>The two have the same names and shapes, and rows in another order.</summary>
    [Theory]
    [InlineData("llama3", "gguf", "gguf-llama")]
    [InlineData("qwen3-moe", "gguf-llama", "gguf")]
    public void The_order_of_rows_is_that_of_the_architecture_whatever_the_caller_says(string form, string format, string right)
    {
        var message = Assert.Throws<CheckpointException>(() => AutoModel.FromPretrained(Fixtures.Path("gguf", $"{form}.gguf"), new PretrainedOptions { Load = new LoadOptions { Format = format } })).Message;
        Assert.Contains($"its format is \"{right}\", and LoadOptions.Format says \"{format}\"", message, StringComparison.Ordinal);
        AutoModel.FromPretrained(Fixtures.Path("gguf", $"{form}.gguf"), new PretrainedOptions { Load = new LoadOptions { Format = right } }).Dispose();
    }

    [Fact]
    public void What_it_does_not_say_of_norms_is_not_made_up() =>
        Assert.Contains("lacks qwen2.attention.layer_norm_rms_epsilon", Assert.Throws<CheckpointException>(() => AutoModel.FromPretrained(Write("qwen2", without: "qwen2.attention.layer_norm_rms_epsilon"), options: null)).Message, StringComparison.Ordinal);

    /// <summary>llama.cpp turns by a base of 10000 then, whatever the family has in transformers; of these architectures it normalises weights of experts in two.</summary>
    [Theory]
    [InlineData("llama", true)]
    [InlineData("qwen3moe", true)]
    [InlineData("qwen2moe", null)]
    public void What_it_does_not_say_is_what_llama_cpp_means(string architecture, bool? normalised)
    {
        var path = Path.Combine(_folder.FullName, "model.gguf");
        var file = new GgufFile().With("general.architecture", architecture).With($"{architecture}.attention.layer_norm_rms_epsilon", 1e-5f).With($"{architecture}.expert_count", 4u);
        File.WriteAllBytes(path, file.Tensor("token_embd.weight", F32, [1, 1], [0, 0, 0, 0]).Bytes());
        var config = JsonNode.Parse(Assert.Throws<InvalidOperationException>(() => AutoModel.FromPretrained<Told>(path)).Message)!;
        Assert.Equal((10000, normalised), ((double)config["rope_theta"]!, (bool?)config["norm_topk_prob"]));
    }

    /// <summary>Writes a checkpoint of transformers as the converter does: norms and biases in F32, the rest as it is.</summary>
    private string Write(string form, Func<GgufFile, GgufFile>? more = null, string? without = null)
    {
        var config = Qwen2ForCausalLM.FromConfig(PretrainedConfig.Read(Fixtures.Path(form))).Config;
        using var checkpoint = Checkpoint.Open(Fixtures.Path(form));
        var file = new GgufFile();
        (string, object)[] metadata =
        [
            ("general.architecture", "qwen2"), ("general.file_type", 32u),
            ("qwen2.block_count", (uint)config.NumHiddenLayers), ("qwen2.context_length", 4096u), ("qwen2.embedding_length", (uint)config.HiddenSize),
            ("qwen2.feed_forward_length", (uint)config.IntermediateSize), ("qwen2.attention.head_count", (uint)config.NumAttentionHeads),
            ("qwen2.attention.head_count_kv", (uint)config.NumKeyValueHeads), ("qwen2.rope.freq_base", (float)config.RopeTheta),
            ("qwen2.attention.layer_norm_rms_epsilon", (float)config.RmsNormEps), ("tokenizer.ggml.tokens", Enumerable.Range(0, config.VocabSize).Select(i => $"<{i}>").ToArray()),
        ];
        foreach (var (key, value) in metadata.Where(pair => pair.Item1 != without)) file.With(key, value);
        more?.Invoke(file);
        foreach (var (name, stored) in checkpoint.Tensors)
        {
            using var value = checkpoint.View(stored);
            using var wide = value.to(ScalarType.Float32);
            var plain = stored.Shape.Length == 1;
            file.Tensor(Renamed(name), plain ? F32 : Bf16, [.. stored.Shape], (plain ? wide : value).bytes.ToArray());
        }
        var path = Path.Combine(_folder.FullName, "model.gguf");
        File.WriteAllBytes(path, file.Bytes());
        return path;
    }

    private static string Renamed(string name)
    {
        (string Old, string New)[] names =
        [
            ("model.embed_tokens.", "token_embd."), ("model.norm.", "output_norm."), ("lm_head.", "output."), ("model.layers.", "blk."),
            ("input_layernorm", "attn_norm"), ("post_attention_layernorm", "ffn_norm"), ("self_attn.o_proj", "attn_output"), ("self_attn.q_proj", "attn_q"),
            ("self_attn.k_proj", "attn_k"), ("self_attn.v_proj", "attn_v"), ("mlp.gate_proj", "ffn_gate"), ("mlp.up_proj", "ffn_up"), ("mlp.down_proj", "ffn_down"),
        ];
        return names.Aggregate(name, (renamed, pair) => renamed.Replace(pair.Old, pair.New, StringComparison.Ordinal));
    }

    /// <summary>A family that only says what it is told.</summary>
    private sealed class Told(DecoderConfig config) : DecoderForCausalLM(nameof(Told), config, _ => throw new NotSupportedException()), IModelFamily<Told>
    {
        public static IReadOnlyList<string> ModelTypes => [];

        public static Told FromConfig(PretrainedConfig config) => throw new InvalidOperationException(config.Json);
    }
}
