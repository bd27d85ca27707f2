using Lanyard.Models.Layers;

namespace Lanyard.Models.DeepseekV3;

/// <summary>
/// DeepSeek-V3.2: V3 with an indexer in every layer, which turns the halves of a head. Its parts are those of V3 and of GLM-5.
/// Sources: transformers, <c>modeling_deepseek_v32.py</c>; DeepSeek-V3.2's inference code, <c>model.py</c>, without its rounding to FP8 and the rotation before it, which leaves products as they are.
/// </summary>
/// <param name="config">The configuration.</param>
/// <exception cref="ConfigException">The configuration cannot be used; everything that is wrong is listed.</exception>
[Child("Model.Layers.SelfAttn", typeof(LatentAttention))]
[Child("Model.Layers.Mlp", typeof(GatedMlp), typeof(GroupedMoe))]
[With("Model.Layers.SelfAttn.Indexer")]
[ConformsTo("deepseek-v3.2.tensors.json", "tp2", "tp4 ep8")]
public sealed class DeepseekV32ForCausalLM(LatentConfig config)
    : DecoderForCausalLM(nameof(DeepseekV32ForCausalLM), config.Checked().Mixture.Decoder, LatentLayers.Of(config), config.Ahead), IModelFamily<DeepseekV32ForCausalLM>
{
    /// <inheritdoc/>
    public static IReadOnlyList<string> ModelTypes => ["deepseek_v32"];

    /// <inheritdoc/>
    public static IReadOnlyList<string> Architectures => [nameof(DeepseekV32ForCausalLM)];

    /// <inheritdoc/>
    /// <exception cref="ConfigException">The configuration cannot be used; everything that is missing or wrong is listed.</exception>
    public static DeepseekV32ForCausalLM FromConfig(PretrainedConfig config) =>
        new(ConfigReader.Read(config.Json, config.Source, text => LatentConfig.Read(text, "deepseek_v32", LatentDefaults.DeepseekV3, static (reader, layers) => IndexerConfig.Read(reader, layers, turnsNeighbours: reader.Flag("indexer_rope_interleave", false)))));
}
