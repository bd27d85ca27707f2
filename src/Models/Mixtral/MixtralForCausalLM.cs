using Lanyard.Models.Layers;

namespace Lanyard.Models.Mixtral;

/// <summary>Mixtral: every layer has a mixture of experts. Source: transformers, <c>modeling_mixtral.py</c>, <c>MixtralForCausalLM</c>.</summary>
/// <param name="config">The configuration.</param>
/// <exception cref="ConfigException">The configuration cannot be used; everything that is wrong is listed.</exception>
[Child("Model.Layers.SelfAttn", typeof(GroupedAttention))]
[Child("Model.Layers.Mlp", typeof(SparseMoe))]
[Without("Model.Layers.SelfAttn.QNorm", "Model.Layers.SelfAttn.KNorm", "Model.Layers.SelfAttn.QNormWeight", "Model.Layers.SelfAttn.KNormWeight", "Model.Layers.SelfAttn.Sinks", "Model.Layers.SelfAttn.QkvBias", "Model.Layers.SelfAttn.OBias")]
[ConformsTo("mixtral-8x7b.tensors.json", "tp2", "tp4 ep8", Config = "mixtral-8x7b.config.json")]
public sealed class MixtralForCausalLM(MixtureConfig config)
    : DecoderForCausalLM(nameof(MixtralForCausalLM), config.Checked().Decoder, DecoderLayers.Mixed(config, config.Decoder.Attention(), ExpertChoices.Softmax(config.NumExpertsPerTok, config.NormTopkProb))),
        IModelFamily<MixtralForCausalLM>
{
    /// <inheritdoc/>
    public static IReadOnlyList<string> ModelTypes => ["mixtral"];

    /// <inheritdoc/>
    public static IReadOnlyList<string> Architectures => [nameof(MixtralForCausalLM)];

    /// <inheritdoc/>
    /// <exception cref="ConfigException">The configuration cannot be used; everything that is missing or wrong is listed.</exception>
    public static MixtralForCausalLM FromConfig(PretrainedConfig config) => new(ConfigReader.Read(config.Json, config.Source, Read));

    private static MixtureConfig Read(ConfigReader text)
    {
        if (text.Has("sliding_window")) text.Fail("sliding_window", $"is {text.Int("sliding_window", 0)}: windows are not supported");
        return new MixtureConfig
        {
            Decoder = DecoderConfig.Read(text, "mixtral", theta: 1_000_000, eps: 1e-5),
            NumExperts = text.Int("num_local_experts", text.Int("num_experts", 8)),
            NumExpertsPerTok = text.Int("num_experts_per_tok", 2),
            MoeIntermediateSize = text.RequiredInt("intermediate_size"),
        }.CheckedIn(text);
    }
}
