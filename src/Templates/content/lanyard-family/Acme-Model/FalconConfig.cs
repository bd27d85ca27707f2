using Lanyard.Models;

namespace Acme.Models;

/// <summary>What config.json says. What the classes do not compute is refused, never left out.</summary>
public sealed record FalconConfig
{
    public required int VocabSize { get; init; }

    public required int HiddenSize { get; init; }

    public required int IntermediateSize { get; init; }

    public required int NumHiddenLayers { get; init; }

    public required int NumAttentionHeads { get; init; }

    public required int NumKeyValueHeads { get; init; }

    public required int HeadDim { get; init; }

    public bool AttentionBias { get; init; } = true;

    /// <summary>Whether each head's queries and keys have a norm. No key says so: a family has them or not.</summary>
    public bool QueryKeyNorms { get; init; }

    public bool TieWordEmbeddings { get; init; }

    public double RmsNormEps { get; init; } = 1e-6;

    public double RopeTheta { get; init; } = 10000;

    /// <summary>Reads the text of a config.json.</summary>
    /// <exception cref="ConfigException">Lists every key that is missing or wrong.</exception>
    public static FalconConfig Read(string json, string source, IReadOnlyList<string> modelTypes) => ConfigReader.Read(json, source, reader => Read(reader, modelTypes));

    private static FalconConfig Read(ConfigReader json, IReadOnlyList<string> modelTypes)
    {
        if (json.Text("model_type", modelTypes[0]) is var type && !modelTypes.Contains(type)) json.Fail("model_type", $"is \"{type}\", not {string.Join(" or ", modelTypes)}");
        Refuse(json);
        var (hidden, heads) = (Size(json, "hidden_size"), Size(json, "num_attention_heads"));
        var config = new FalconConfig
        {
            VocabSize = Size(json, "vocab_size"),
            HiddenSize = hidden,
            IntermediateSize = Size(json, "intermediate_size"),
            NumHiddenLayers = Size(json, "num_hidden_layers"),
            NumAttentionHeads = heads,
            NumKeyValueHeads = Size(json, "num_key_value_heads"),
            HeadDim = json.Has("head_dim") ? Size(json, "head_dim") : hidden / heads,
            AttentionBias = json.Flag("attention_bias", true),
            TieWordEmbeddings = json.Flag("tie_word_embeddings", false),
            RmsNormEps = json.Number("rms_norm_eps", 1e-6),
            RopeTheta = Theta(json),
        };
        if (heads % config.NumKeyValueHeads != 0) json.Fail("num_key_value_heads", $"is {config.NumKeyValueHeads}, which does not divide the {heads} heads");
        if (config.HeadDim % 2 != 0) json.Fail("head_dim", $"is {config.HeadDim}: rotation needs pairs");
        if (!json.Has("head_dim") && hidden % heads != 0) json.Fail("hidden_size", $"is {hidden}, which {heads} heads do not divide; there is no head_dim");
        return config;
    }

    /// <summary>Each of these would change the outputs without changing a shape.</summary>
    private static void Refuse(ConfigReader json)
    {
        if (json.Text("hidden_act", "silu") is var activation and not "silu") json.Fail("hidden_act", $"is \"{activation}\": only silu is computed");
        if (json.Flag("use_sliding_window", json.Has("sliding_window"))) json.Fail("sliding_window", "is in use: windows are not computed");
        if (json.Texts("layer_types")?.FirstOrDefault(type => type != "full_attention") is { } other) json.Fail("layer_types", $"holds \"{other}\": only full_attention is computed");
        if (json.Number("partial_rotary_factor", 1) is var turned and not 1) json.Fail("partial_rotary_factor", $"is {turned}: only whole heads are turned");
    }

    private static int Size(ConfigReader json, string key)
    {
        var size = json.RequiredInt(key);
        if (size > 0) return size;
        json.Fail(key, $"is {size}, not positive");
        return 1;
    }

    /// <summary>The base of the rotation: rope_theta in older files, in rope_parameters in newer ones.</summary>
    private static double Theta(ConfigReader json)
    {
        var theta = json.Number("rope_theta", 10000);
        foreach (var key in new[] { "rope_scaling", "rope_parameters" })
        {
            if (json.Object(key) is not { } rope) continue;
            theta = rope.Number("rope_theta", theta);
            if (rope.Number("partial_rotary_factor", 1) is var turned and not 1) rope.Fail("partial_rotary_factor", $"is {turned}: only whole heads are turned");
            foreach (var kind in new[] { "full_attention", "sliding_attention" })
            {
                if (rope.Has(kind)) rope.Fail(kind, "has a rotation of its own: one for all layers is computed");
            }
            var type = rope.Has("rope_type") || !rope.Has("type") ? "rope_type" : "type";
            if (rope.Text(type, "default") is var scaling and not "default") rope.Fail(type, $"is \"{scaling}\": only default is computed");
        }
        return theta;
    }
}
