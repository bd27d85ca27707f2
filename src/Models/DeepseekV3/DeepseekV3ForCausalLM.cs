using Lanyard.Models.Layers;

namespace Lanyard.Models.DeepseekV3;

/// <summary>
/// DeepSeek-V3: latent attention, mixtures of experts in groups. Layers of the files that predict further tokens are left alone.
/// Source: transformers, <c>modeling_deepseek_v3.py</c>, <c>DeepseekV3ForCausalLM</c>.
/// </summary>
/// <param name="config">The configuration.</param>
/// <exception cref="ConfigException">The configuration cannot be used; everything that is wrong is listed.</exception>
[Child("Model.Layers.SelfAttn", typeof(LatentAttention))]
[Child("Model.Layers.Mlp", typeof(GatedMlp), typeof(GroupedMoe))]
[Without("Model.Layers.SelfAttn.Indexer")]
[ConformsTo("deepseek-v3.tensors.json", "tp2", "tp4 ep8")]
[ConformsTo("moonlight-16b-a3b.tensors.json", "tp2", "tp4 ep8")]
public sealed class DeepseekV3ForCausalLM(LatentConfig config)
    : DecoderForCausalLM(nameof(DeepseekV3ForCausalLM), config.Checked().Mixture.Decoder, LatentLayers.Of(config), config.Ahead), IModelFamily<DeepseekV3ForCausalLM>
{
    /// <inheritdoc/>
    public static IReadOnlyList<string> ModelTypes => ["deepseek_v3", "kimi_k2"];

    /// <inheritdoc/>
    public static IReadOnlyList<string> Architectures => [nameof(DeepseekV3ForCausalLM)];

    /// <inheritdoc/>
    /// <exception cref="ConfigException">The configuration cannot be used; everything that is missing or wrong is listed.</exception>
    public static DeepseekV3ForCausalLM FromConfig(PretrainedConfig config) => new(ConfigReader.Read(config.Json, config.Source, text => LatentConfig.Read(text, text.Text("model_type", "") == "kimi_k2" ? "kimi_k2" : "deepseek_v3", LatentDefaults.DeepseekV3)));
}
