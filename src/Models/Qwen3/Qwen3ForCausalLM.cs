using Lanyard.Models.Layers;

namespace Lanyard.Models.Qwen3;

/// <summary>Qwen3, the dense ones: each query and each key head is normalised. Source: transformers, <c>modeling_qwen3.py</c>, <c>Qwen3ForCausalLM</c>.</summary>
/// <param name="config">The configuration.</param>
/// <exception cref="ConfigException">The configuration cannot be used; everything that is wrong is listed.</exception>
[Child("Model.Layers.SelfAttn", typeof(GroupedAttention))]
[Child("Model.Layers.Mlp", typeof(GatedMlp))]
[Without("Model.Layers.SelfAttn.QNormWeight", "Model.Layers.SelfAttn.KNormWeight", "Model.Layers.SelfAttn.Sinks")]
[With("Model.Layers.SelfAttn.QNorm")]
[ConformsTo("qwen3-8b.tensors.json", "tp2", "tp4 ep8", Config = "qwen3-8b.config.json")]
public sealed class Qwen3ForCausalLM(DecoderConfig config)
    : DecoderForCausalLM(nameof(Qwen3ForCausalLM), config, DecoderLayers.Dense(config, config.Attention() with { NormEps = config.RmsNormEps })), IModelFamily<Qwen3ForCausalLM>
{
    /// <inheritdoc/>
    public static IReadOnlyList<string> ModelTypes => ["qwen3"];

    /// <inheritdoc/>
    public static IReadOnlyList<string> Architectures => [nameof(Qwen3ForCausalLM)];

    /// <inheritdoc/>
    /// <exception cref="ConfigException">The configuration cannot be used; everything that is missing or wrong is listed.</exception>
    public static Qwen3ForCausalLM FromConfig(PretrainedConfig config) => new(ConfigReader.Read(config.Json, config.Source, text => DecoderConfig.Read(text, "qwen3")));
}
