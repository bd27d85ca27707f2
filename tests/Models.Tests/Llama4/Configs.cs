using System.Text.Json.Nodes;
using Lanyard.Models.Llama4;

namespace Lanyard.Models.Tests.Llama4;

/// <summary>A small configuration, to be changed by each test.</summary>
internal static class Configs
{
    /// <summary>Four layers as a published file describes them: two of them mixtures, the last one without rotation.</summary>
    public static JsonObject Flat() => JsonNode.Parse("""
        {
          "model_type": "llama4_text",
          "hidden_act": "silu",
          "hidden_size": 12,
          "intermediate_size": 10,
          "intermediate_size_mlp": 14,
          "num_hidden_layers": 4,
          "num_attention_heads": 4,
          "num_key_value_heads": 2,
          "head_dim": 6,
          "vocab_size": 17,
          "max_position_embeddings": 512,
          "rms_norm_eps": 1e-05,
          "rope_theta": 10000.0,
          "rope_scaling": {
            "factor": 8.0,
            "high_freq_factor": 4.0,
            "low_freq_factor": 1.0,
            "original_max_position_embeddings": 32,
            "rope_type": "llama3"
          },
          "tie_word_embeddings": false,
          "attention_bias": false,
          "num_experts_per_tok": 2,
          "num_local_experts": 5,
          "interleave_moe_layer_step": 2,
          "use_qk_norm": true,
          "attention_chunk_size": 16,
          "attn_temperature_tuning": true,
          "floor_scale": 8,
          "attn_scale": 0.25,
          "no_rope_layers": [1, 1, 1, 0]
        }
        """)!.AsObject();

    /// <summary>The same below <c>text_config</c>, beside a vision configuration.</summary>
    public static JsonObject Nested()
    {
        var text = Flat();
        return new JsonObject { ["model_type"] = "llama4", ["text_config"] = text, ["vision_config"] = new JsonObject { ["hidden_size"] = "not ours" } };
    }

    /// <summary>The small configuration after a change.</summary>
    public static Llama4Config With(Action<JsonObject> change)
    {
        var json = Flat();
        change(json);
        return Llama4Config.Parse(json.ToJsonString());
    }

    /// <summary>What is wrong with the small configuration after a change.</summary>
    public static IReadOnlyList<string> ProblemsWith(Action<JsonObject> change) =>
        Assert.Throws<ConfigException>(() => With(change)).Problems;
}
