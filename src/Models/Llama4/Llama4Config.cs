using System.Collections.Immutable;

namespace Lanyard.Models.Llama4;

/// <summary>
/// The configuration of a Llama 4 text model. The names are those of <c>config.json</c>; the meaning is that of transformers,
/// <c>configuration_llama4.py</c>, <c>Llama4TextConfig</c>.
/// </summary>
public sealed record Llama4Config
{
    // Far more than anyone has; a map has an entry for each, where a checkpoint has them one by one.
    private const int MaxExperts = 10_000;

    /// <summary>The number of tokens in the vocabulary.</summary>
    public required int VocabSize { get; init; }

    /// <summary>The width of the residual stream.</summary>
    public required int HiddenSize { get; init; }

    /// <summary>The inner width of each expert and of the shared expert.</summary>
    public required int IntermediateSize { get; init; }

    /// <summary>The inner width of a dense feed-forward block.</summary>
    public required int IntermediateSizeMlp { get; init; }

    /// <summary>The number of query heads.</summary>
    public required int NumAttentionHeads { get; init; }

    /// <summary>The number of key and value heads; each serves as many query heads.</summary>
    public required int NumKeyValueHeads { get; init; }

    /// <summary>The width of a head.</summary>
    public required int HeadDim { get; init; }

    /// <summary>The number of routed experts in a mixture.</summary>
    public required int NumLocalExperts { get; init; }

    /// <summary>How many routed experts a token visits.</summary>
    public required int NumExpertsPerTok { get; init; }

    /// <summary>The layers, from the first to the last.</summary>
    public required ImmutableArray<Llama4LayerConfig> Layers { get; init; }

    /// <summary>What is added to the mean square before its root is taken, in every norm.</summary>
    public double RmsNormEps { get; init; } = 1e-5;

    /// <summary>The base of the rotary frequencies.</summary>
    public double RopeTheta { get; init; } = 500000;

    /// <summary>How rotary frequencies are scaled for long sequences, or null where they are not.</summary>
    public Llama4RopeScaling? RopeScaling { get; init; }

    /// <summary>Whether rotated queries and keys are divided by their root mean square.</summary>
    public bool UseQkNorm { get; init; } = true;

    /// <summary>The length of a chunk in chunked layers; null where no layer is chunked.</summary>
    public int? AttentionChunkSize { get; init; } = 8192;

    /// <summary>Whether queries of layers without rotation grow with their position.</summary>
    public bool AttnTemperatureTuning { get; init; } = true;

    /// <summary>The number of positions after which that growth takes a step.</summary>
    public int FloorScale { get; init; } = 8192;

    /// <summary>The strength of that growth.</summary>
    public double AttnScale { get; init; } = 0.1;

    /// <summary>The longest sequence that the model is meant for. It is not enforced.</summary>
    public int MaxPositionEmbeddings { get; init; } = 131072;

    /// <summary>Reads the <c>config.json</c> of a folder.</summary>
    /// <exception cref="ConfigException">The configuration cannot be used; everything that is missing or wrong is listed.</exception>
    public static Llama4Config Load(string directory) => FromFile(Path.Combine(directory, "config.json"));

    /// <summary>Reads a configuration file: of the text model alone (<c>llama4_text</c>), or of the whole with its <c>text_config</c> (<c>llama4</c>).</summary>
    /// <exception cref="ConfigException">The configuration cannot be used; everything that is missing or wrong is listed.</exception>
    public static Llama4Config FromFile(string path) => Llama4ConfigReader.Read(ConfigReader.ReadFile(path), path);

    /// <summary>Reads the text of a configuration file.</summary>
    /// <param name="json">The text.</param>
    /// <param name="source">What messages call it.</param>
    /// <exception cref="ConfigException">The configuration cannot be used; everything that is missing or wrong is listed.</exception>
    public static Llama4Config Parse(string json, string source = "The configuration") => Llama4ConfigReader.Read(json, source);

    /// <summary>Checks a configuration that was written in code.</summary>
    /// <exception cref="ConfigException">The configuration cannot be used; everything that is wrong is listed.</exception>
    public void Validate() => ConfigException.ThrowIfAny(nameof(Llama4Config), Constraints());

    /// <summary>What is wrong with the values, each with the keys that it concerns, the first of which begins the sentence.</summary>
    internal IEnumerable<(string[] Keys, string Problem)> Constraints()
    {
        (string Key, double Value)[] positive =
        [
            ("vocab_size", VocabSize), ("hidden_size", HiddenSize), ("intermediate_size", IntermediateSize),
            ("intermediate_size_mlp", IntermediateSizeMlp), ("num_attention_heads", NumAttentionHeads),
            ("num_key_value_heads", NumKeyValueHeads), ("head_dim", HeadDim), ("num_local_experts", NumLocalExperts),
            ("num_experts_per_tok", NumExpertsPerTok), ("rms_norm_eps", RmsNormEps), ("rope_theta", RopeTheta),
            ("attention_chunk_size", AttentionChunkSize ?? 1), ("floor_scale", FloorScale),
            ("max_position_embeddings", MaxPositionEmbeddings),
        ];
        foreach (var (key, value) in positive)
        {
            if (value <= 0) yield return ([key], FormattableString.Invariant($"is {value}, not positive"));
        }
        if (Layers.IsDefaultOrEmpty) yield return (["num_hidden_layers"], "is not positive");
        if (HeadDim % 2 != 0) yield return (["head_dim"], $"is {HeadDim}: rotation needs pairs, so an even number");
        if (NumKeyValueHeads > 0 && NumAttentionHeads % NumKeyValueHeads != 0)
            yield return (["num_attention_heads", "num_key_value_heads"], $"is {NumAttentionHeads}, not a multiple of num_key_value_heads, {NumKeyValueHeads}");
        if (NumExpertsPerTok > NumLocalExperts)
            yield return (["num_experts_per_tok", "num_local_experts"], $"is {NumExpertsPerTok}, more than num_local_experts, {NumLocalExperts}");
        if (NumLocalExperts > MaxExperts) yield return (["num_local_experts"], $"is {NumLocalExperts}, more than {MaxExperts}");
        if (AttentionChunkSize is null && !Layers.IsDefault && Layers.Any(layer => layer.IsChunked))
            yield return (["attention_chunk_size", "no_rope_layers", "layer_types"], "is null, but some layers are chunked");
        if (RopeScaling is not { } rope) yield break;
        if (rope.Factor <= 0 || rope.LowFreqFactor <= 0 || rope.OriginalMaxPositionEmbeddings <= 0)
            yield return (["rope_scaling"], "holds a number that is not positive");
        if (rope.HighFreqFactor < rope.LowFreqFactor)
            yield return (["rope_scaling"], "has a high_freq_factor below its low_freq_factor");
    }
}
