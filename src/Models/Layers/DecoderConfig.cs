namespace Lanyard.Models.Layers;

/// <summary>
/// The configuration of a text model whose layers are attention with grouped heads and a feed-forward block. The names are those of <c>config.json</c>; the meaning
/// is that of transformers, <c>configuration_llama.py</c>, <c>LlamaConfig</c>.
/// </summary>
public sealed record DecoderConfig
{
    /// <summary>The number of tokens in the vocabulary.</summary>
    public required int VocabSize { get; init; }

    /// <summary>The width of the residual stream.</summary>
    public required int HiddenSize { get; init; }

    /// <summary>The inner width of a feed-forward block.</summary>
    public required int IntermediateSize { get; init; }

    /// <summary>The number of layers.</summary>
    public required int NumHiddenLayers { get; init; }

    /// <summary>The number of query heads.</summary>
    public required int NumAttentionHeads { get; init; }

    /// <summary>The number of key and value heads; each serves as many query heads.</summary>
    public required int NumKeyValueHeads { get; init; }

    /// <summary>The width of a head.</summary>
    public required int HeadDim { get; init; }

    /// <summary>Whether the projections of attention have biases.</summary>
    public bool AttentionBias { get; init; }

    /// <summary>Whether the output projection is the embedding.</summary>
    public bool TieWordEmbeddings { get; init; }

    /// <summary>What is added to the mean square before its root is taken, in every norm.</summary>
    public double RmsNormEps { get; init; } = 1e-6;

    /// <summary>The base of the rotary frequencies.</summary>
    public double RopeTheta { get; init; } = 10000;

    /// <summary>How rotary frequencies are changed for long sequences, or null.</summary>
    public RotaryScaling? RopeScaling { get; init; }

    /// <summary>Checks a configuration that was written in code.</summary>
    /// <exception cref="ConfigException">The configuration cannot be used; everything that is wrong is listed.</exception>
    public void Validate() => ConfigException.ThrowIfAny(nameof(DecoderConfig), Constraints());

    /// <summary>The attention of every layer. The rotation is one object, so that a pass computes it once.</summary>
    internal AttentionConfig Attention() => new()
    {
        Hidden = HiddenSize,
        Heads = NumAttentionHeads,
        KvHeads = NumKeyValueHeads,
        HeadDim = HeadDim,
        Rotary = new RotaryEmbedding(HeadDim, RopeTheta, RopeScaling),
        HasBias = AttentionBias,
        HasOutputBias = AttentionBias,
    };

    /// <summary>Reads what all such families have. What this model would silently compute otherwise is refused.</summary>
    /// <param name="text">The configuration.</param>
    /// <param name="modelType">The family.</param>
    /// <param name="hasWindows">Whether the family reads for itself which layers have a window.</param>
    /// <param name="turnsParts">Whether the family reads for itself which part of a head is turned.</param>
    /// <param name="theta">The base of the rotary frequencies where the file has none, as the family has it in transformers.</param>
    /// <param name="eps">The same of <c>rms_norm_eps</c>.</param>
    /// <param name="inner">The key of the inner width.</param>
    /// <param name="kvHeads">The number of key and value heads where the file has none; null for as many as queries.</param>
    /// <param name="headDim">The width of a head where the file has none; null for what is left when the heads divide the stream.</param>
    /// <param name="turned">The width of what is turned, in families that have no width of a whole head in one number; it stands for the width of a head.</param>
    internal static DecoderConfig Read(
        ConfigReader text,
        string modelType,
        bool hasWindows = false,
        bool turnsParts = false,
        double theta = 10000,
        double eps = 1e-6,
        string inner = "intermediate_size",
        int? kvHeads = null,
        int? headDim = null,
        int? turned = null)
    {
        if (text.Text("model_type", modelType) is var type && type != modelType) text.Fail("model_type", $"is \"{type}\", not {modelType}");
        if (text.Text("hidden_act", "silu") is var activation and not "silu") text.Fail("hidden_act", $"is \"{activation}\": only silu is supported");
        if (text.Flag("mlp_bias", false)) text.Fail("mlp_bias", "is true: biases of feed-forward blocks are not supported");
        if (!text.Flag("is_causal", true)) text.Fail("is_causal", "is false: attention to what lies behind is not supported");
        foreach (var reader in turnsParts ? [] : new[] { text, text.Object("rope_scaling"), text.Object("rope_parameters") }.OfType<ConfigReader>())
        {
            if (reader.Number("partial_rotary_factor", 1) != 1) reader.Fail("partial_rotary_factor", "is not 1: rotating a part of a head is not supported");
        }
        if (text.Flag("use_sliding_window", false)) text.Fail("use_sliding_window", "is true: windows are not supported");
        if (!hasWindows && text.Texts("layer_types")?.FirstOrDefault(type => type != "full_attention") is { } windowed) text.Fail("layer_types", $"holds \"{windowed}\": only full_attention is supported");
        var (heads, hidden) = (text.RequiredInt("num_attention_heads"), text.RequiredInt("hidden_size"));
        (theta, var scaling) = RotaryScaling.Read(text, theta);
        var config = new DecoderConfig
        {
            VocabSize = text.RequiredInt("vocab_size"),
            HiddenSize = hidden,
            IntermediateSize = text.RequiredInt(inner),
            NumHiddenLayers = text.RequiredInt("num_hidden_layers"),
            NumAttentionHeads = heads,

            // Without these transformers takes as many, and divides.
            NumKeyValueHeads = text.Int("num_key_value_heads", kvHeads ?? heads),
            HeadDim = turned ?? text.Int("head_dim", headDim ?? (heads > 0 ? hidden / heads : 0)),
            AttentionBias = text.Flag("attention_bias", false),
            TieWordEmbeddings = text.Flag("tie_word_embeddings", false),
            RmsNormEps = text.Number("rms_norm_eps", eps),
            RopeTheta = theta,
            RopeScaling = scaling,
        };
        if (turned is null && !text.Has("head_dim") && headDim is null && heads > 0 && hidden % heads != 0) text.Fail("hidden_size", $"is {hidden}, which {heads} heads do not divide, and head_dim is missing");
        text.FailAny(config.Constraints(turned is null ? "head_dim" : "qk_rope_head_dim"));
        return config;
    }

    /// <summary>What is wrong with the values, each with the keys that it concerns, the first of which begins the sentence.</summary>
    /// <param name="headDim">The key of the width of a head.</param>
    internal IEnumerable<(string[] Keys, string Problem)> Constraints(string headDim = "head_dim")
    {
        (string Key, double Value)[] positive =
        [
            ("vocab_size", VocabSize), ("hidden_size", HiddenSize), ("intermediate_size", IntermediateSize),
            ("num_hidden_layers", NumHiddenLayers), ("num_attention_heads", NumAttentionHeads),
            ("num_key_value_heads", NumKeyValueHeads), (headDim, HeadDim), ("rms_norm_eps", RmsNormEps), ("rope_theta", RopeTheta),
        ];
        foreach (var (key, value) in positive)
        {
            if (value <= 0) yield return ([key], FormattableString.Invariant($"is {value}, not positive"));
        }
        if (NumHiddenLayers > ConfigReader.MaxLayers) yield return (["num_hidden_layers"], $"is {NumHiddenLayers}, more than {ConfigReader.MaxLayers}");
        if (HeadDim % 2 != 0) yield return ([headDim, "hidden_size", "num_attention_heads"], $"is {HeadDim}: rotation needs pairs, so an even number");
        if (NumKeyValueHeads > 0 && NumAttentionHeads % NumKeyValueHeads != 0)
            yield return (["num_attention_heads", "num_key_value_heads"], $"is {NumAttentionHeads}, not a multiple of num_key_value_heads, {NumKeyValueHeads}");
    }
}
