using Lanyard.Models.Layers;

namespace Lanyard.Models.GptOss;

/// <summary>gpt-oss: attention with sinks, every other layer in a window, and mixtures of experts. Source: transformers, <c>modeling_gpt_oss.py</c>, <c>GptOssForCausalLM</c>.</summary>
/// <param name="config">The configuration.</param>
/// <exception cref="ConfigException">The configuration cannot be used; everything that is wrong is listed.</exception>
[Child("Model.Layers.SelfAttn", typeof(GroupedAttention))]
[Child("Model.Layers.Mlp", typeof(GptOssMoe))]
[Without("Model.Layers.SelfAttn.QNorm", "Model.Layers.SelfAttn.KNorm", "Model.Layers.SelfAttn.QNormWeight", "Model.Layers.SelfAttn.KNormWeight")]
[With("Model.Layers.SelfAttn.QkvBias", "Model.Layers.SelfAttn.OBias", "Model.Layers.SelfAttn.Sinks", "Model.Layers.Mlp.Router.Bias")]
[ConformsTo("gpt-oss-20b.tensors.json", "tp2", "tp4 ep8", Config = "gpt-oss-20b.config.json")]
public sealed class GptOssForCausalLM(GptOssConfig config)
    : DecoderForCausalLM(nameof(GptOssForCausalLM), config.Mixture.Checked().Decoder, Layer(config, config.Mixture.Decoder.Attention() with { HasSinks = true })), IModelFamily<GptOssForCausalLM>
{
    /// <inheritdoc/>
    public static IReadOnlyList<string> ModelTypes => ["gpt_oss"];

    /// <inheritdoc/>
    public static IReadOnlyList<string> Architectures => [nameof(GptOssForCausalLM)];

    /// <inheritdoc/>
    /// <exception cref="ConfigException">The configuration cannot be used; everything that is missing or wrong is listed.</exception>
    public static GptOssForCausalLM FromConfig(PretrainedConfig config) => new(ConfigReader.Read(config.Json, config.Source, GptOssConfig.Read));

    private static Func<int, DecoderLayer> Layer(GptOssConfig config, AttentionConfig attention) => layer => new DecoderLayer(
        config.Mixture.Decoder.HiddenSize,
        new GroupedAttention(attention with { Window = config.WindowedLayers.Contains(layer) ? config.SlidingWindow : null }),
        new GptOssMoe(config.Mixture, config.SwigluLimit),
        config.Mixture.Decoder.RmsNormEps);
}
