namespace Lanyard.Models.Qwen2;

/// <summary>
/// Reads <c>config.json</c>. The keys that decide shapes are required; the others have the defaults of transformers,
/// <c>configuration_qwen2.py</c>, <c>Qwen2Config</c>.
/// </summary>
internal static class Qwen2ConfigReader
{
    /// <exception cref="ConfigException">The configuration cannot be used; everything that is missing or wrong is listed.</exception>
    public static Qwen2Config Read(string json, string source) => ConfigReader.Read(json, source, Read);

    private static Qwen2Config Read(ConfigReader text)
    {
        if (text.Text("model_type", "qwen2") is var type and not "qwen2") text.Fail("model_type", $"is \"{type}\", not qwen2");
        Refuse(text);
        var heads = text.RequiredInt("num_attention_heads");
        var config = new Qwen2Config
        {
            VocabSize = text.RequiredInt("vocab_size"),
            HiddenSize = text.RequiredInt("hidden_size"),
            IntermediateSize = text.RequiredInt("intermediate_size"),
            NumHiddenLayers = text.RequiredInt("num_hidden_layers"),
            NumAttentionHeads = heads,

            // Null is not absent: transformers takes the other number then.
            NumKeyValueHeads = text.IsNull("num_key_value_heads") ? heads : text.RequiredInt("num_key_value_heads"),
            TieWordEmbeddings = text.Flag("tie_word_embeddings", false),
            RmsNormEps = text.Number("rms_norm_eps", 1e-6),
            RopeTheta = Theta(text),
        };
        foreach (var (keys, problem) in config.Constraints())
        {
            if (!keys.Any(text.Failed)) text.Fail(keys[0], problem);
        }
        return config;
    }

    /// <summary>Refuses what this model would silently compute otherwise.</summary>
    private static void Refuse(ConfigReader text)
    {
        if (text.Text("hidden_act", "silu") is var activation and not "silu") text.Fail("hidden_act", $"is \"{activation}\": only silu is supported");
        if (text.Number("partial_rotary_factor", 1) != 1) text.Fail("partial_rotary_factor", "is not 1: rotating a part of a head is not supported");
        if (text.Flag("use_sliding_window", false)) text.Fail("use_sliding_window", "is true: windows are not supported");
        if (text.Texts("layer_types")?.FirstOrDefault(type => type != "full_attention") is { } windowed) text.Fail("layer_types", $"holds \"{windowed}\": only full_attention is supported");
        if (text.Has("head_dim") && text.Int("head_dim", 0) * (long)text.Int("num_attention_heads", 0) != text.Int("hidden_size", 0)) text.Fail("head_dim", "is another width than hidden_size divided by num_attention_heads");
    }

    /// <summary>The base: <c>rope_theta</c> in older files, in <c>rope_parameters</c> in newer ones.</summary>
    private static double Theta(ConfigReader text)
    {
        var theta = text.Number("rope_theta", 10000);
        foreach (var key in new[] { "rope_scaling", "rope_parameters" })
        {
            if (text.Object(key) is not { } rope) continue;
            theta = rope.Number("rope_theta", theta);
            if (rope.Number("partial_rotary_factor", 1) != 1) rope.Fail("partial_rotary_factor", "is not 1: rotating a part of a head is not supported");

            // Older files call it type.
            var type = rope.Has("rope_type") || !rope.Has("type") ? "rope_type" : "type";
            if (rope.Text(type, "default") is var scaling and not "default") rope.Fail(type, $"is \"{scaling}\": only default is supported");
        }
        return theta;
    }
}
