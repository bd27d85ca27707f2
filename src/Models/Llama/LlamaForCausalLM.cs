using Lanyard.Models.Layers;

namespace Lanyard.Models.Llama;

/// <summary>Llama 2 and 3, and what is built like them. Source: transformers, <c>modeling_llama.py</c>, <c>LlamaForCausalLM</c>.</summary>
/// <param name="config">The configuration.</param>
/// <exception cref="ConfigException">The configuration cannot be used; everything that is wrong is listed.</exception>
[Child("Model.Layers.SelfAttn", typeof(GroupedAttention))]
[Child("Model.Layers.Mlp", typeof(GatedMlp))]
[Without("Model.Layers.SelfAttn.QNorm", "Model.Layers.SelfAttn.KNorm", "Model.Layers.SelfAttn.QNormWeight", "Model.Layers.SelfAttn.KNormWeight", "Model.Layers.SelfAttn.Sinks")]
[ConformsTo("llama-2-7b.tensors.json", "tp2", "tp4 ep8", Config = "llama-2-7b.config.json")]
[ConformsTo("llama-3.1-8b.tensors.json", "tp2", "tp4 ep8", Config = "llama-3.1-8b.config.json")]
public sealed class LlamaForCausalLM(DecoderConfig config)
    : DecoderForCausalLM(nameof(LlamaForCausalLM), config, DecoderLayers.Dense(config, config.Attention())), IModelFamily<LlamaForCausalLM>
{
    /// <inheritdoc/>
    public static IReadOnlyList<string> ModelTypes => ["llama"];

    /// <inheritdoc/>
    public static IReadOnlyList<string> Architectures => [nameof(LlamaForCausalLM)];

    /// <inheritdoc/>
    /// <exception cref="ConfigException">The configuration cannot be used; everything that is missing or wrong is listed.</exception>
    public static LlamaForCausalLM FromConfig(PretrainedConfig config) => new(ConfigReader.Read(config.Json, config.Source, text => DecoderConfig.Read(text, "llama")));
}
