using Lanyard.Models.Layers;

namespace Lanyard.Models.MiniMaxM2;

/// <summary>
/// MiniMax-M2: all query heads are normalised together, and all key heads; a part of each head is turned; every layer has a mixture of experts.
/// Source: transformers, <c>modeling_minimax_m2.py</c>, <c>MiniMaxM2ForCausalLM</c>.
/// </summary>
/// <param name="config">The configuration; the rotation of its decoder is of as many elements of a head as are turned.</param>
/// <param name="rotaryDim">How many elements of a head are turned, from the first.</param>
/// <exception cref="ConfigException">The configuration cannot be used; everything that is wrong is listed.</exception>
[Child("Model.Layers.SelfAttn", typeof(GroupedAttention))]
[Child("Model.Layers.Mlp", typeof(MiniMaxM2Moe))]
[Without("Model.Layers.SelfAttn.QNorm", "Model.Layers.SelfAttn.KNorm", "Model.Layers.SelfAttn.Sinks", "Model.Layers.SelfAttn.QkvBias", "Model.Layers.SelfAttn.OBias")]
[With("Model.Layers.SelfAttn.QNormWeight")]
[ConformsTo("minimax-m2.tensors.json", "tp2", "tp4 ep8", Config = "minimax-m2.config.json")]
public sealed class MiniMaxM2ForCausalLM(MixtureConfig config, int rotaryDim)
    : DecoderForCausalLM(nameof(MiniMaxM2ForCausalLM), config.Checked().Decoder, Layer(config, rotaryDim)), IModelFamily<MiniMaxM2ForCausalLM>
{
    /// <inheritdoc/>
    public static IReadOnlyList<string> ModelTypes => ["minimax_m2"];

    /// <inheritdoc/>
    public static IReadOnlyList<string> Architectures => [nameof(MiniMaxM2ForCausalLM)];

    /// <inheritdoc/>
    /// <exception cref="ConfigException">The configuration cannot be used; everything that is missing or wrong is listed.</exception>
    public static MiniMaxM2ForCausalLM FromConfig(PretrainedConfig config)
    {
        var rotaryDim = 0;
        return new(ConfigReader.Read(config.Json, config.Source, text => Read(text, out rotaryDim)), rotaryDim);
    }

    private static Func<int, DecoderLayer> Layer(MixtureConfig config, int rotaryDim)
    {
        var decoder = config.Decoder;
        var attention = decoder.Attention() with { Rotary = new RotaryEmbedding(rotaryDim, decoder.RopeTheta, decoder.RopeScaling), NormEps = decoder.RmsNormEps, HasWideNorms = true };
        return _ => new DecoderLayer(decoder.HiddenSize, new GroupedAttention(attention), new MiniMaxM2Moe(config), decoder.RmsNormEps);
    }

    private static MixtureConfig Read(ConfigReader text, out int rotaryDim)
    {
        if (!text.Flag("use_qk_norm", true)) text.Fail("use_qk_norm", "is false: attention without norms of queries and keys is not supported");
        if (text.Text("qk_norm_type", "per_layer") is var norms and not "per_layer") text.Fail("qk_norm_type", $"is \"{norms}\": only per_layer is supported");
        if (text.Text("scoring_func", "sigmoid") is var scores and not "sigmoid") text.Fail("scoring_func", $"is \"{scores}\": only sigmoid is supported");
        if (!text.Flag("use_routing_bias", true)) text.Fail("use_routing_bias", "is false: a router without its bias is not supported");
        if (text.Int("shared_intermediate_size", 0) != 0) text.Fail("shared_intermediate_size", "is not 0: shared experts are not supported");
        if (text.Ints("attn_type_list")?.Any(type => type != 1) == true) text.Fail("attn_type_list", "holds something else than 1: only full attention is supported");
        var config = new MixtureConfig
        {
            Decoder = DecoderConfig.Read(text, "minimax_m2", turnsParts: true, theta: 5_000_000),
            NumExperts = text.RequiredInt("num_local_experts"),
            NumExpertsPerTok = text.RequiredInt("num_experts_per_tok"),
            MoeIntermediateSize = text.RequiredInt("intermediate_size"),
        }.CheckedIn(text);
        // Of the width that is turned files have a number, or a factor in any of three places.
        var places = new[] { text.Object("rope_scaling"), text.Object("rope_parameters"), text }.OfType<ConfigReader>().Where(place => place.Has("partial_rotary_factor"));
        var widths = places.Select(place => (int)(config.Decoder.HeadDim * place.Number("partial_rotary_factor", 1))).Distinct().ToList();
        rotaryDim = text.Int("rotary_dim", widths.FirstOrDefault(config.Decoder.HeadDim));
        if (widths.Any(width => width != text.Int("rotary_dim", widths[0]))) text.Fail("rotary_dim", $"or partial_rotary_factor say different things: {string.Join(", ", text.Has("rotary_dim") ? widths.Prepend(rotaryDim) : widths)}");
        if (rotaryDim <= 0 || rotaryDim > config.Decoder.HeadDim || rotaryDim % 2 != 0) text.Fail("rotary_dim", $"is {rotaryDim} of heads of {config.Decoder.HeadDim}: rotation needs pairs, so an even number");
        return config;
    }
}
