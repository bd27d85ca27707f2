using Lanyard.Models.Layers;

namespace Lanyard.Models.Qwen35;

/// <summary>
/// The configuration of a Qwen3.5 text model. The names are those of <c>config.json</c>; the meaning is that of transformers, <c>configuration_qwen3_5.py</c>,
/// <c>Qwen3_5TextConfig</c>, and <c>configuration_qwen3_5_moe.py</c>, <c>Qwen3_5MoeTextConfig</c>.
/// </summary>
public sealed record Qwen35Config
{
    private const string Linear = "linear_attention";
    private const string Full = "full_attention";

    /// <summary>What it says of all layers.</summary>
    public required DecoderConfig Decoder { get; init; }

    /// <summary>The sizes of linear attention.</summary>
    public required DeltaNetConfig DeltaNet { get; init; }

    /// <summary>How many elements of a head of full attention are turned, from the first.</summary>
    public required int RotaryDim { get; init; }

    /// <summary>The layers with full attention; the others have linear attention.</summary>
    public required IReadOnlyCollection<int> FullAttentionLayers { get; init; }

    /// <summary>The mixture of every layer, or null where layers have feed-forward blocks.</summary>
    public MixtureConfig? Mixture { get; init; }

    /// <summary>The inner width of the expert that every token visits, where there are mixtures.</summary>
    public int SharedExpertIntermediateSize { get; init; }

    /// <summary>Checks a configuration that was written in code.</summary>
    /// <exception cref="ConfigException">The configuration cannot be used; everything that is wrong is listed.</exception>
    public void Validate()
    {
        Decoder.Validate();
        Mixture?.Validate();
        ConfigException.ThrowIfAny(nameof(Qwen35Config), Constraints());
    }

    /// <summary>Reads the text model, from its own file or from that of the whole model.</summary>
    internal static Qwen35Config? Read(ConfigReader root)
    {
        var nested = root.Object("text_config");
        if (nested is null && root.AnyFailed) return null;
        var text = nested ?? root;
        var type = root.Text("model_type", "");
        var isMixed = type.StartsWith("qwen3_5_moe", StringComparison.Ordinal);
        var family = isMixed ? "qwen3_5_moe" : "qwen3_5";
        if (type != (nested is null ? $"{family}_text" : family)) root.Fail("model_type", $"is \"{type}\", not {(nested is null ? "qwen3_5_text or qwen3_5_moe_text" : "qwen3_5 or qwen3_5_moe")}");
        Refuse(text);
        var decoder = DecoderConfig.Read(text, $"{family}_text", hasWindows: true, turnsParts: true, inner: isMixed ? "moe_intermediate_size" : "intermediate_size", kvHeads: isMixed ? 2 : 4, headDim: 256);

        // The whole model says whether its output projection is its embedding; the text model may repeat it.
        if (nested is not null && root.Has("tie_word_embeddings"))
        {
            if (text.Has("tie_word_embeddings") && text.Flag("tie_word_embeddings", false) != root.Flag("tie_word_embeddings", false)) text.Fail("tie_word_embeddings", "is not what the whole model says under that name");
            decoder = decoder with { TieWordEmbeddings = root.Flag("tie_word_embeddings", false) };
        }
        var config = new Qwen35Config
        {
            Decoder = decoder,
            DeltaNet = new DeltaNetConfig
            {
                KeyHeads = text.Int("linear_num_key_heads", 16),
                ValueHeads = text.Int("linear_num_value_heads", 32),
                KeyDim = text.Int("linear_key_head_dim", 128),
                ValueDim = text.Int("linear_value_head_dim", 128),
                Kernel = text.Int("linear_conv_kernel_dim", 4),
            },
            RotaryDim = ReadRotaryDim(text, decoder.HeadDim),
            FullAttentionLayers = ReadFullAttentionLayers(text, decoder.NumHiddenLayers),
            Mixture = isMixed ? ReadMixture(text, decoder) : null,
            SharedExpertIntermediateSize = isMixed ? text.Int("shared_expert_intermediate_size", 512) : 0,
        };
        text.FailAny(config.Constraints());
        return config;
    }

    /// <summary>Refuses what this model would silently compute otherwise.</summary>
    private static void Refuse(ConfigReader text)
    {
        if (text.Flag("attention_bias", false)) text.Fail("attention_bias", "is true: biases of attention are not supported");
        if (!text.Flag("attn_output_gate", true)) text.Fail("attn_output_gate", "is false: attention without a gate is not supported");
        if (text.Ints("mlp_only_layers") is { Length: > 0 }) text.Fail("mlp_only_layers", "is not empty: feed-forward blocks beside mixtures are not supported");
        if (text.Int("decoder_sparse_step", 1) != 1) text.Fail("decoder_sparse_step", "is not 1: feed-forward blocks beside mixtures are not supported");
        if (!text.Flag("norm_topk_prob", true)) text.Fail("norm_topk_prob", "is false: weights of experts that do not add up to one are not supported");
    }

    private static MixtureConfig ReadMixture(ConfigReader text, DecoderConfig decoder) => new MixtureConfig
    {
        Decoder = decoder,
        NumExperts = text.RequiredInt("num_experts"),
        NumExpertsPerTok = text.Int("num_experts_per_tok", 8),
        MoeIntermediateSize = text.RequiredInt("moe_intermediate_size"),
    }.CheckedIn(text);

    /// <summary>The part of a head that is turned; files have the factor in either place, or in both.</summary>
    private static int ReadRotaryDim(ConfigReader text, int headDim)
    {
        const string Key = "partial_rotary_factor";
        var factors = new[] { text.Object("rope_scaling"), text.Object("rope_parameters"), text }.OfType<ConfigReader>().Where(place => place.Has(Key)).Select(place => place.Number(Key, 1)).Distinct().ToList();
        if (factors.Count > 1) text.Fail(Key, FormattableString.Invariant($"is said twice, and not alike: {string.Join(" and ", factors.Select(factor => FormattableString.Invariant($"{factor}")))}"));
        return (int)(headDim * factors.FirstOrDefault(0.25));
    }

    private static IReadOnlyCollection<int> ReadFullAttentionLayers(ConfigReader text, int layers)
    {
        layers = Math.Clamp(layers, 0, ConfigReader.MaxLayers);
        if (text.Texts("layer_types") is { } types)
        {
            if (types.Length != layers) text.Fail("layer_types", $"has {types.Length} items for {layers} layers");
            if (types.FirstOrDefault(type => type is not (Linear or Full)) is { } other) text.Fail("layer_types", $"holds \"{other}\", neither {Linear} nor {Full}");
            return [.. types.Index().Where(type => type.Item == Full).Select(type => type.Index)];
        }
        var interval = text.Int("full_attention_interval", 4);
        if (interval <= 0) text.Fail("full_attention_interval", $"is {interval}, not positive");
        return [.. Enumerable.Range(0, layers).Where(layer => interval > 0 && (layer + 1) % interval == 0)];
    }

    /// <summary>What is wrong with the values, each with the keys that it concerns, the first of which begins the sentence.</summary>
    private IEnumerable<(string[] Keys, string Problem)> Constraints()
    {
        (string Key, int Value)[] positive =
        [
            ("linear_num_key_heads", DeltaNet.KeyHeads), ("linear_num_value_heads", DeltaNet.ValueHeads), ("linear_key_head_dim", DeltaNet.KeyDim),
            ("linear_value_head_dim", DeltaNet.ValueDim), ("linear_conv_kernel_dim", DeltaNet.Kernel), ("shared_expert_intermediate_size", Mixture is null ? 1 : SharedExpertIntermediateSize),
        ];
        foreach (var (key, value) in positive)
        {
            if (value <= 0) yield return ([key], $"is {value}, not positive");
        }
        if (DeltaNet.KeyHeads > 0 && DeltaNet.ValueHeads % DeltaNet.KeyHeads != 0)
            yield return (["linear_num_value_heads", "linear_num_key_heads"], $"is {DeltaNet.ValueHeads}, not a multiple of linear_num_key_heads, {DeltaNet.KeyHeads}");
        if (RotaryDim <= 0 || RotaryDim > Decoder.HeadDim || RotaryDim % 2 != 0)
            yield return (["partial_rotary_factor", "head_dim"], $"turns {RotaryDim} of the {Decoder.HeadDim} elements of a head: rotation needs pairs, so an even number");
        if (FullAttentionLayers.Any(layer => layer < 0 || layer >= Decoder.NumHiddenLayers)) yield return (["layer_types"], $"says more than {Decoder.NumHiddenLayers} layers");
    }
}
