using Lanyard.Models.Layers;

namespace Lanyard.Models.Qwen2;

/// <summary>
/// Qwen2 and Qwen2.5: queries, keys and values always have biases, the output projection of attention never. Source: transformers,
/// <c>modeling_qwen2.py</c>, <c>Qwen2ForCausalLM</c>.
/// </summary>
/// <param name="config">The configuration.</param>
/// <exception cref="ConfigException">The configuration cannot be used; everything that is wrong is listed.</exception>
[Child("Model.Layers.SelfAttn", typeof(GroupedAttention))]
[Child("Model.Layers.Mlp", typeof(GatedMlp))]
[Without("Model.Layers.SelfAttn.QNorm", "Model.Layers.SelfAttn.KNorm", "Model.Layers.SelfAttn.QNormWeight", "Model.Layers.SelfAttn.KNormWeight", "Model.Layers.SelfAttn.Sinks", "Model.Layers.SelfAttn.OBias")]
[With("Model.Layers.SelfAttn.QkvBias")]
[ConformsTo("qwen2.5-7b-instruct.tensors.json", "tp2", "tp4 ep8", Config = "qwen2.5-7b-instruct.config.json")]
public sealed class Qwen2ForCausalLM(DecoderConfig config)
    : DecoderForCausalLM(nameof(Qwen2ForCausalLM), config, DecoderLayers.Dense(config, config.Attention() with { HasBias = true, HasOutputBias = false })), IModelFamily<Qwen2ForCausalLM>
{
    /// <inheritdoc/>
    public static IReadOnlyList<string> ModelTypes => ["qwen2"];

    /// <inheritdoc/>
    public static IReadOnlyList<string> Architectures => [nameof(Qwen2ForCausalLM)];

    /// <inheritdoc/>
    /// <exception cref="ConfigException">The configuration cannot be used; everything that is missing or wrong is listed.</exception>
    public static Qwen2ForCausalLM FromConfig(PretrainedConfig config) => new(ConfigReader.Read(config.Json, config.Source, text => DecoderConfig.Read(text, "qwen2")));
}
