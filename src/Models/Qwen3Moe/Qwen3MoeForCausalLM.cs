using Lanyard.Models.Layers;

namespace Lanyard.Models.Qwen3Moe;

/// <summary>Qwen3 with mixtures of experts, but for some layers. Source: transformers, <c>modeling_qwen3_moe.py</c>, <c>Qwen3MoeForCausalLM</c>.</summary>
/// <param name="config">The configuration.</param>
/// <exception cref="ConfigException">The configuration cannot be used; everything that is wrong is listed.</exception>
[Child("Model.Layers.SelfAttn", typeof(GroupedAttention))]
[Child("Model.Layers.Mlp", typeof(GatedMlp), typeof(SparseMoe))]
[Without("Model.Layers.SelfAttn.QNormWeight", "Model.Layers.SelfAttn.KNormWeight", "Model.Layers.SelfAttn.Sinks")]
[With("Model.Layers.SelfAttn.QNorm")]
[ConformsTo("qwen3-235b-a22b.tensors.json", "tp2", "tp4 ep8", Config = "qwen3-235b-a22b.config.json")]
public sealed class Qwen3MoeForCausalLM(MixtureConfig config)
    : DecoderForCausalLM(
        nameof(Qwen3MoeForCausalLM),
        config.Checked().Decoder,
        DecoderLayers.Mixed(config, config.Decoder.Attention() with { NormEps = config.Decoder.RmsNormEps }, ExpertChoices.Softmax(config.NumExpertsPerTok, config.NormTopkProb))),
        IModelFamily<Qwen3MoeForCausalLM>
{
    /// <inheritdoc/>
    public static IReadOnlyList<string> ModelTypes => ["qwen3_moe"];

    /// <inheritdoc/>
    public static IReadOnlyList<string> Architectures => [nameof(Qwen3MoeForCausalLM)];

    /// <inheritdoc/>
    /// <exception cref="ConfigException">The configuration cannot be used; everything that is missing or wrong is listed.</exception>
    public static Qwen3MoeForCausalLM FromConfig(PretrainedConfig config) => new(ConfigReader.Read(config.Json, config.Source, Read));

    private static MixtureConfig Read(ConfigReader text)
    {
        var (dense, step) = (text.Ints("mlp_only_layers") ?? [], text.Int("decoder_sparse_step", 1));
        if (step <= 0) text.Fail("decoder_sparse_step", $"is {step}, not positive");
        return new MixtureConfig
        {
            Decoder = DecoderConfig.Read(text, "qwen3_moe"),
            NumExperts = text.RequiredInt("num_experts"),
            NumExpertsPerTok = text.Int("num_experts_per_tok", 8),
            MoeIntermediateSize = text.RequiredInt("moe_intermediate_size"),
            NormTopkProb = text.Flag("norm_topk_prob", false),
            DenseLayers = [.. Enumerable.Range(0, Math.Clamp(text.Int("num_hidden_layers", 0), 0, ConfigReader.MaxLayers)).Where(layer => dense.Contains(layer) || (step > 0 && (layer + 1) % step != 0))],
        }.CheckedIn(text);
    }
}
