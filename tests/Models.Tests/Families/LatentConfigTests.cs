using System.Text.Json.Nodes;
using Lanyard.Models.DeepseekV3;
using Lanyard.Models.GlmMoeDsa;
using Lanyard.Models.Layers;
using Lanyard.Tests;

namespace Lanyard.Models.Tests.Families;

/// <summary>Configurations of latent attention: what is refused, and what they mean where they say little.</summary>
public sealed class LatentConfigTests : IDisposable
{
    private readonly string _file = Path.GetTempFileName();

    public void Dispose() => File.Delete(_file);

    [Theory]
    [InlineData("\"scoring_func\": \"softmax\"", "scoring_func is \"softmax\"")]
    [InlineData("\"topk_method\": \"greedy\"", "topk_method is \"greedy\"")]
    [InlineData("\"moe_layer_freq\": 2", "moe_layer_freq is not 1")]
    [InlineData("\"rope_interleave\": false", "rope_interleave is false")]
    [InlineData("\"attention_bias\": true", "attention_bias is true")]
    [InlineData("\"num_key_value_heads\": 2", "num_key_value_heads is 2, not num_attention_heads, 4")]
    [InlineData("\"qk_head_dim\": 20", "qk_head_dim is 20, not the sum of qk_nope_head_dim and qk_rope_head_dim, 28")]
    [InlineData("\"n_group\": 3", "n_group is 3: 8 experts do not make so many equal groups")]
    [InlineData("\"topk_group\": 5", "topk_group is 5, more than the 4 groups")]
    [InlineData("\"topk_group\": 1", "num_experts_per_tok is 3, more than the experts of 1 groups")]
    [InlineData("\"num_nextn_predict_layers\": -1", "num_nextn_predict_layers is -1")]
    [InlineData("\"layer_types\": [\"linear_attention\"]", "layer_types holds \"linear_attention\"")]
    [InlineData("\"mlp_layer_types\": [\"dense\", \"sparse\"]", "mlp_layer_types has 2 entries for 3 layers")]
    [InlineData("\"kv_lora_rank\": null", "kv_lora_rank is missing")]
    [InlineData("\"qk_rope_head_dim\": 7, \"qk_head_dim\": null", "qk_rope_head_dim is 7: rotation needs pairs")]
    public void What_is_not_computed_is_refused(string changed, string message) =>
        Assert.Contains(message, Assert.Throws<ConfigException>(() => DeepseekV3ForCausalLM.FromConfig(With("deepseek-v3", changed))).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("\"indexer_types\": [\"shared\", \"full\", \"full\"]", "indexer_types begins with \"shared\"")]
    [InlineData("\"indexer_types\": [\"full\"]", "indexer_types has 1 entries for 3 layers")]
    [InlineData("\"index_topk_pattern\": \"FXF\"", "indexer_types holds \"X\"")]
    [InlineData("\"indexer_rope_interleave\": false", "indexer_rope_interleave is false")]
    [InlineData("\"index_head_dim\": 8", "index_head_dim is 8, not more than the 8 elements that are turned")]
    [InlineData("\"q_lora_rank\": null", "q_lora_rank is missing: an indexer reads")]
    [InlineData("\"rope_parameters\": {\"rope_type\": \"yarn\", \"factor\": 4, \"original_max_position_embeddings\": 64, \"mscale_all_dim\": 1}", "rope_parameters.mscale_all_dim is not 0")]
    public void Neither_is_what_an_indexer_does_not(string changed, string message) =>
        Assert.Contains(message, Assert.Throws<ConfigException>(() => GlmMoeDsaForCausalLM.FromConfig(With("glm-moe-dsa", changed))).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("\"index_topk\": 8", "0 1 2 3 4 5")]
    [InlineData("\"index_topk_freq\": 3", "0 1 4")]
    [InlineData("\"index_topk_freq\": 2, \"index_skip_topk_offset\": 3", "0 1 2 4")]
    [InlineData("\"index_topk_pattern\": \"FSFSSF\"", "0 2 5")]
    public void Layers_choose_by_list_by_letters_or_by_period(string changed, string choosing)
    {
        using var model = GlmMoeDsaForCausalLM.FromConfig(With("glm-moe-dsa", $"\"num_hidden_layers\": 6, {changed}"));
        Assert.Equal(choosing, string.Join(' ', model.Model.Layers.Index().Where(layer => ((LatentAttention)layer.Item.SelfAttn).Indexer is not null).Select(layer => layer.Index)));
    }

    [Fact]
    public void What_a_file_leaves_out_is_what_its_family_has()
    {
        using var model = DeepseekV3ForCausalLM.FromConfig(With("deepseek-v3", "\"n_group\": null, \"topk_group\": null, \"first_k_dense_replace\": null, \"n_routed_experts\": 16, \"q_lora_rank\": null, \"n_shared_experts\": null"));
        Assert.All(model.Model.Layers, layer => Assert.IsType<GatedMlp>(layer.Mlp));
        Assert.All(model.Model.Layers, layer => Assert.True(((LatentAttention)layer.SelfAttn).HasNoQueryLatent));
    }

    /// <summary>The text model stands below the whole one, under its own name or under that of DeepSeek-V3.</summary>
    [Theory]
    [InlineData("kimi_k2", "\"model_type\": \"kimi_k25\"", "")]
    [InlineData("deepseek_v3", "\"model_type\": \"kimi_k25\"", "")]
    [InlineData("qwen3", "\"model_type\": \"kimi_k25\"", "text_config.model_type is \"qwen3\", not kimi_k2")]
    [InlineData("kimi_k2", "\"model_type\": \"llava\"", "model_type is \"llava\", not kimi_k25")]
    [InlineData("kimi_k2", "\"tie_word_embeddings\": true", "tie_word_embeddings is not what text_config says")]
    [InlineData("kimi_k2", "\"text_config\": null", "text_config is missing")]
    public void Of_kimi_k2_5(string inner, string changed, string message)
    {
        var text = JsonNode.Parse(File.ReadAllText(Fixtures.Path("deepseek-v3", "config.json")))!.AsObject();
        text["model_type"] = inner;
        var json = new JsonObject { ["text_config"] = text };
        foreach (var (key, value) in JsonNode.Parse($"{{{changed}}}")!.AsObject()) json[key] = value?.DeepClone();
        File.WriteAllText(_file, json.ToJsonString());
        if (message.Length == 0) KimiK25ForCausalLM.FromConfig(PretrainedConfig.Read(_file)).Dispose();
        else Assert.Contains(message, Assert.Throws<ConfigException>(() => KimiK25ForCausalLM.FromConfig(PretrainedConfig.Read(_file))).Message, StringComparison.Ordinal);
    }

    /// <summary>What transformers writes for its caches.</summary>
    [Theory]
    [InlineData("deepseek_sparse_attention")]
    [InlineData("indexed_attention")]
    public void Types_of_layers_may_be_those_of_the_family(string type)
    {
        using var model = GlmMoeDsaForCausalLM.FromConfig(With("glm-moe-dsa", $"\"layer_types\": [\"{type}\", \"{type}\", \"{type}\"]"));
        Assert.All(model.Model.Layers, static layer => Assert.NotNull(((LatentAttention)layer.SelfAttn).Indexer));
    }

    private PretrainedConfig With(string release, string changed)
    {
        var json = JsonNode.Parse(File.ReadAllText(Path.Combine(Fixtures.Path(release), "config.json")))!;
        foreach (var (key, value) in JsonNode.Parse("{" + changed + "}")!.AsObject()) json[key] = value?.DeepClone();
        File.WriteAllText(_file, json.ToJsonString());
        return PretrainedConfig.Read(_file);
    }
}
