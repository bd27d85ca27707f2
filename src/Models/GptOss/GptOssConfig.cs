using Lanyard.Models.Layers;

namespace Lanyard.Models.GptOss;

/// <summary>The configuration of a gpt-oss model. The names are those of <c>config.json</c>; the meaning is that of transformers, <c>configuration_gpt_oss.py</c>, <c>GptOssConfig</c>.</summary>
public sealed record GptOssConfig
{
    /// <summary>What it says of layers and mixtures.</summary>
    public required MixtureConfig Mixture { get; init; }

    /// <summary>How many keys a query sees in layers with a window, its own among them.</summary>
    public required int SlidingWindow { get; init; }

    /// <summary>The layers with a window.</summary>
    public required IReadOnlyCollection<int> WindowedLayers { get; init; }

    /// <summary>The largest gate and up.</summary>
    public double SwigluLimit { get; init; } = 7;

    internal static GptOssConfig Read(ConfigReader text)
    {
        var layers = Math.Clamp(text.Int("num_hidden_layers", 0), 0, ConfigReader.MaxLayers);
        var types = text.Texts("layer_types") ?? [.. Enumerable.Range(0, layers).Select(layer => layer % 2 == 0 ? "sliding_attention" : "full_attention")];
        if (types.Length != layers) text.Fail("layer_types", $"has {types.Length} items for {layers} layers");
        if (types.FirstOrDefault(type => type is not ("sliding_attention" or "full_attention")) is { } other) text.Fail("layer_types", $"holds \"{other}\", neither sliding_attention nor full_attention");
        var window = text.Int("sliding_window", 128);
        if (window <= 0) text.Fail("sliding_window", $"is {window}, not positive");
        if (text.IsNull("sliding_window") && types.Contains("sliding_attention")) text.Fail("sliding_window", "is null, but some layers have a window");
        if (text.Number("swiglu_alpha", GptOssExperts.Alpha) != GptOssExperts.Alpha) text.Fail("swiglu_alpha", FormattableString.Invariant($"is not {GptOssExperts.Alpha}: another activation is not supported"));
        var decoder = DecoderConfig.Read(text, "gpt_oss", hasWindows: true, theta: 150_000, eps: 1e-5) with { AttentionBias = text.Flag("attention_bias", true) };

        // Without a word transformers scales here.
        if (!text.Has("rope_scaling") && !text.Has("rope_parameters")) decoder = decoder with { RopeScaling = new YarnScaling(32, 4096) { Truncate = false } };
        return new GptOssConfig
        {
            Mixture = new MixtureConfig
            {
                Decoder = decoder,
                NumExperts = text.RequiredInt("num_local_experts"),
                NumExpertsPerTok = text.Int("num_experts_per_tok", 4),
                MoeIntermediateSize = text.RequiredInt("intermediate_size"),
            }.CheckedIn(text),
            SlidingWindow = window,
            WindowedLayers = [.. types.Index().Where(type => type.Item == "sliding_attention").Select(type => type.Index)],
            SwigluLimit = text.Number("swiglu_limit", 7),
        };
    }
}
