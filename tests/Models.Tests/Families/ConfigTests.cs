using System.Text.Json.Nodes;
using Lanyard.Models.Layers;
using Lanyard.Models.Qwen2;
using Lanyard.Models.Qwen3Moe;
using Lanyard.Tests;

namespace Lanyard.Models.Tests.Families;

/// <summary>What a forward pass would compute otherwise is refused, with the key.</summary>
public sealed class ConfigTests : IDisposable
{
    private readonly string _file = Path.GetTempFileName();

    public void Dispose() => File.Delete(_file);

    [Theory]
    [InlineData("\"model_type\": \"qwen3\"", "model_type is \"qwen3\", not qwen2")]
    [InlineData("\"use_sliding_window\": true", "use_sliding_window is true")]
    [InlineData("\"layer_types\": [\"sliding_attention\"]", "layer_types holds \"sliding_attention\"")]
    [InlineData("\"rope_parameters\": {\"partial_rotary_factor\": 0.5}", "rope_parameters.partial_rotary_factor is not 1")]
    [InlineData("\"partial_rotary_factor\": 0.5", "partial_rotary_factor is not 1")]
    [InlineData("\"rope_parameters\": {\"full_attention\": {}}", "rope_parameters.full_attention is an object")]
    [InlineData("\"hidden_act\": \"gelu\"", "hidden_act is \"gelu\"")]
    [InlineData("\"mlp_bias\": true", "mlp_bias is true")]
    [InlineData("\"rope_scaling\": {\"type\": \"dynamic\", \"factor\": 4}", "rope_scaling.type is \"dynamic\"")]
    [InlineData("\"rope_scaling\": {\"rope_type\": \"llama3\", \"factor\": 4}", "rope_scaling.low_freq_factor is missing")]
    [InlineData("\"num_key_value_heads\": 4", "num_attention_heads is 6, not a multiple")]
    [InlineData("\"head_dim\": 11", "head_dim is 11")]
    [InlineData("\"hidden_size\": 61", "hidden_size is 61, which 6 heads do not divide")]
    [InlineData("\"vocab_size\": null", "vocab_size is missing")]
    public void Of_layers_with_feed_forward_blocks(string changed, string message) =>
        Assert.Contains(message, Assert.Throws<ConfigException>(() => Qwen2ForCausalLM.FromConfig(With("qwen2", changed))).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("\"num_experts_per_tok\": 8", "num_experts_per_tok is 8, more than the 7 experts")]
    [InlineData("\"decoder_sparse_step\": 0", "decoder_sparse_step is 0")]
    [InlineData("\"moe_intermediate_size\": 0", "moe_intermediate_size is 0")]
    public void Of_mixtures(string changed, string message) =>
        Assert.Contains(message, Assert.Throws<ConfigException>(() => Qwen3MoeForCausalLM.FromConfig(With("qwen3-moe", changed))).Message, StringComparison.Ordinal);

    [Fact]
    public void A_step_makes_every_other_layer_dense()
    {
        var config = Qwen3MoeForCausalLM.FromConfig(With("qwen3-moe", "\"decoder_sparse_step\": 2, \"mlp_only_layers\": []"));
        Assert.Equal([typeof(GatedMlp), typeof(SparseMoe), typeof(GatedMlp)], config.Model.Layers.Select(layer => layer.Mlp.GetType()));
    }

    private PretrainedConfig With(string form, string changed)
    {
        var json = JsonNode.Parse(File.ReadAllText(Fixtures.Path(form, "config.json")))!.AsObject();
        foreach (var (key, value) in JsonNode.Parse($"{{{changed}}}")!.AsObject()) json[key] = value?.DeepClone();
        File.WriteAllText(_file, json.ToJsonString());
        return PretrainedConfig.Read(_file);
    }
}
