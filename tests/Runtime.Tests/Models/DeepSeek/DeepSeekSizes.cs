using System.Text.Json;

namespace Lanyard.Tests.Models.DeepSeek;

/// <summary>The sizes of a DeepSeek-V3 model, as its <c>config.json</c> has them.</summary>
public sealed record DeepSeekSizes(
    int Hidden, int Intermediate, int ExpertIntermediate, int Layers, int DenseLayers, int Heads, int QRank, int KvRank, int Nope, int Rope, int Value, int Experts, int Vocab)
{
    public static DeepSeekSizes Read(string path)
    {
        using var json = JsonDocument.Parse(File.ReadAllText(path));
        int Of(string name) => json.RootElement.GetProperty(name).GetInt32();
        return new DeepSeekSizes(
            Of("hidden_size"), Of("intermediate_size"), Of("moe_intermediate_size"), Of("num_hidden_layers"), Of("first_k_dense_replace"), Of("num_attention_heads"),
            Of("q_lora_rank"), Of("kv_lora_rank"), Of("qk_nope_head_dim"), Of("qk_rope_head_dim"), Of("v_head_dim"), Of("n_routed_experts"), Of("vocab_size"));
    }
}
