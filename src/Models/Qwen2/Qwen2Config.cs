namespace Lanyard.Models.Qwen2;

/// <summary>
/// The configuration of a Qwen2 or Qwen2.5 text model. The names are those of <c>config.json</c>; the meaning is that of transformers,
/// <c>configuration_qwen2.py</c>, <c>Qwen2Config</c>.
/// </summary>
public sealed record Qwen2Config
{
    /// <summary>The number of tokens in the vocabulary.</summary>
    public required int VocabSize { get; init; }

    /// <summary>The width of the residual stream; a head is as wide as this divided by the number of query heads.</summary>
    public required int HiddenSize { get; init; }

    /// <summary>The inner width of a feed-forward block.</summary>
    public required int IntermediateSize { get; init; }

    /// <summary>The number of layers.</summary>
    public required int NumHiddenLayers { get; init; }

    /// <summary>The number of query heads.</summary>
    public required int NumAttentionHeads { get; init; }

    /// <summary>The number of key and value heads; each serves as many query heads.</summary>
    public required int NumKeyValueHeads { get; init; }

    /// <summary>Whether the output projection is the embedding.</summary>
    public bool TieWordEmbeddings { get; init; }

    /// <summary>What is added to the mean square before its root is taken, in every norm.</summary>
    public double RmsNormEps { get; init; } = 1e-6;

    /// <summary>The base of the rotary frequencies.</summary>
    public double RopeTheta { get; init; } = 10000;

    /// <summary>The width of a head.</summary>
    public int HeadDim => HiddenSize / NumAttentionHeads;

    /// <summary>Reads the <c>config.json</c> of a folder.</summary>
    /// <exception cref="ConfigException">The configuration cannot be used; everything that is missing or wrong is listed.</exception>
    public static Qwen2Config Load(string directory)
    {
        var path = Path.Combine(directory, "config.json");
        return Qwen2ConfigReader.Read(ConfigReader.ReadFile(path), path);
    }

    /// <summary>Reads the text of a configuration file.</summary>
    /// <param name="json">The text.</param>
    /// <param name="source">What messages call it.</param>
    /// <exception cref="ConfigException">The configuration cannot be used; everything that is missing or wrong is listed.</exception>
    public static Qwen2Config Parse(string json, string source = "The configuration") => Qwen2ConfigReader.Read(json, source);

    /// <summary>Checks a configuration that was written in code.</summary>
    /// <exception cref="ConfigException">The configuration cannot be used; everything that is wrong is listed.</exception>
    public void Validate()
    {
        var problems = Constraints().Select(constraint => $"{constraint.Keys[0]} {constraint.Problem}").ToList();
        if (problems.Count > 0) throw new ConfigException(nameof(Qwen2Config), problems);
    }

    /// <summary>What is wrong with the values, each with the keys that it concerns, the first of which begins the sentence.</summary>
    internal IEnumerable<(string[] Keys, string Problem)> Constraints()
    {
        (string Key, double Value)[] positive =
        [
            ("vocab_size", VocabSize), ("hidden_size", HiddenSize), ("intermediate_size", IntermediateSize),
            ("num_hidden_layers", NumHiddenLayers), ("num_attention_heads", NumAttentionHeads),
            ("num_key_value_heads", NumKeyValueHeads), ("rms_norm_eps", RmsNormEps), ("rope_theta", RopeTheta),
        ];
        foreach (var (key, value) in positive)
        {
            if (value <= 0) yield return ([key], FormattableString.Invariant($"is {value}, not positive"));
        }
        if (NumHiddenLayers > ConfigReader.MaxLayers) yield return (["num_hidden_layers"], $"is {NumHiddenLayers}, more than {ConfigReader.MaxLayers}");
        if (NumAttentionHeads > 0 && (HiddenSize % NumAttentionHeads != 0 || HeadDim % 2 != 0))
            yield return (["hidden_size", "num_attention_heads"], $"is {HiddenSize} for {NumAttentionHeads} heads: rotation needs pairs, so an even number each");
        if (NumKeyValueHeads > 0 && NumAttentionHeads % NumKeyValueHeads != 0)
            yield return (["num_attention_heads", "num_key_value_heads"], $"is {NumAttentionHeads}, not a multiple of num_key_value_heads, {NumKeyValueHeads}");
    }
}
