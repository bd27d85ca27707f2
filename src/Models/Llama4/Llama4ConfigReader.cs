using System.Collections.Immutable;

namespace Lanyard.Models.Llama4;

/// <summary>
/// Reads <c>config.json</c>. The keys that decide shapes are required; the others have the defaults of transformers,
/// <c>configuration_llama4.py</c>, <c>Llama4TextConfig</c>.
/// </summary>
internal static class Llama4ConfigReader
{
    private const string Chunked = "chunked_attention";
    private const string Full = "full_attention";

    /// <exception cref="ConfigException">The configuration cannot be used; everything that is missing or wrong is listed.</exception>
    public static Llama4Config Read(string json, string source) => ConfigReader.Read(json, source, Read);

    private static Llama4Config? Read(ConfigReader root)
    {
        var nested = root.Has("text_config");
        var (wanted, type) = (nested ? "llama4" : "llama4_text", root.Text("model_type", ""));
        if (type != wanted && type != "") root.Fail("model_type", $"is \"{type}\", not {(nested ? wanted : "llama4_text, nor llama4 with a text_config")}");
        if ((nested ? root.Object("text_config") : root) is not { } text) return null;

        Refuse(root, text);
        var layers = text.RequiredInt("num_hidden_layers");
        var heads = text.RequiredInt("num_attention_heads");
        var hidden = text.RequiredInt("hidden_size");
        var (theta, scaling) = Rope(text);
        var config = new Llama4Config
        {
            VocabSize = text.RequiredInt("vocab_size"),
            HiddenSize = hidden,
            IntermediateSize = text.RequiredInt("intermediate_size"),
            IntermediateSizeMlp = text.RequiredInt("intermediate_size_mlp"),
            NumAttentionHeads = heads,
            // Null is not absent: transformers computes these two from others then.
            NumKeyValueHeads = text.IsNull("num_key_value_heads") ? heads : text.RequiredInt("num_key_value_heads"),
            HeadDim = text.IsNull("head_dim") && heads > 0 ? hidden / heads : text.RequiredInt("head_dim"),
            NumLocalExperts = text.RequiredInt("num_local_experts"),
            NumExpertsPerTok = text.RequiredInt("num_experts_per_tok"),
            Layers = Layers(text, layers),
            RmsNormEps = text.Number("rms_norm_eps", 1e-5),
            RopeTheta = theta,
            RopeScaling = scaling,
            UseQkNorm = text.Flag("use_qk_norm", true),
            AttentionChunkSize = text.IsNull("attention_chunk_size") ? null : text.Int("attention_chunk_size", 8192),
            AttnTemperatureTuning = text.Flag("attn_temperature_tuning", true),
            FloorScale = text.Int("floor_scale", 8192),
            AttnScale = text.Number("attn_scale", 0.1),
            MaxPositionEmbeddings = text.Int("max_position_embeddings", 131072),
        };
        foreach (var (keys, problem) in config.Constraints())
        {
            if (!keys.Any(text.Failed)) text.Fail(keys[0] == "rope_scaling" ? RopeKey(text) : keys[0], problem);
        }
        return config;
    }

    /// <summary>Refuses what this model would silently compute otherwise.</summary>
    private static void Refuse(ConfigReader root, ConfigReader text)
    {
        foreach (var reader in ReferenceEquals(root, text) ? [text] : new[] { root, text })
        {
            if (reader.Flag("tie_word_embeddings", false)) reader.Fail("tie_word_embeddings", "is true: tied embeddings are not supported yet");
        }
        if (text.Flag("attention_bias", false)) text.Fail("attention_bias", "is true: biases of attention are not supported");
        if (text.Text("hidden_act", "silu") is var activation and not "silu") text.Fail("hidden_act", $"is \"{activation}\": only silu is supported");
        if (!text.Flag("is_causal", true)) text.Fail("is_causal", "is false: attention to what lies behind is not supported");
        if (text.Number("partial_rotary_factor", 1) != 1) text.Fail("partial_rotary_factor", "is not 1: rotating a part of a head is not supported");
    }

    private static ImmutableArray<Llama4LayerConfig> Layers(ConfigReader text, int count)
    {
        var interval = text.Int("no_rope_layer_interval", 4);
        var step = text.Int("interleave_moe_layer_step", 1);
        foreach (var (key, value) in new[] { ("no_rope_layer_interval", interval), ("interleave_moe_layer_step", step) })
        {
            if (value <= 0) text.Fail(key, $"is {value}, not positive");
        }
        var rope = text.Flags("no_rope_layers");
        var types = text.Texts("layer_types");
        var mixtures = text.Ints("moe_layers");
        // An empty list is none, as in transformers.
        if (rope is []) rope = null;
        if (rope?.Length < count) text.Fail("no_rope_layers", $"has {rope.Length} items for {count} layers");
        if (types?.Length < count) text.Fail("layer_types", $"has {types.Length} items for {count} layers");
        if (types?.FirstOrDefault(type => type is not (Chunked or Full)) is { } unknown) text.Fail("layer_types", $"holds \"{unknown}\", neither {Chunked} nor {Full}");
        if (mixtures?.Any(index => index < 0) == true) text.Fail("moe_layers", "holds a negative number");

        if (count > ConfigReader.MaxLayers) text.Fail("num_hidden_layers", $"is {count}, more than {ConfigReader.MaxLayers}");

        string[] keys = ["num_hidden_layers", "no_rope_layer_interval", "interleave_moe_layer_step", "no_rope_layers", "layer_types", "moe_layers"];
        if (count <= 0) return [];
        // Something is wrong already: one layer keeps the other checks going.
        if (keys.Any(text.Failed)) return [new Llama4LayerConfig(true, false, true)];

        var layers = ImmutableArray.CreateBuilder<Llama4LayerConfig>(count);
        for (var i = 0; i < count; i++)
        {
            var usesRope = rope is null ? (i + 1) % interval != 0 : rope[i];
            layers.Add(new Llama4LayerConfig(
                usesRope,
                types is null ? usesRope : types[i] == Chunked,
                mixtures is null ? (i + 1) % step == 0 : mixtures.Contains(i)));
        }
        return layers.MoveToImmutable();
    }

    /// <summary>The rotation: <c>rope_theta</c> and <c>rope_scaling</c> in older files, all of it in <c>rope_parameters</c> in newer ones.</summary>
    private static (double Theta, Llama4RopeScaling? Scaling) Rope(ConfigReader text)
    {
        var theta = text.Number("rope_theta", 500000);
        if (text.Object(RopeKey(text)) is not { } rope) return (theta, null);
        theta = rope.Number("rope_theta", theta);
        if (rope.ObjectKeys().FirstOrDefault() is { } layerType) rope.Fail(layerType, "is an object: one rotation for all layers is expected");
        if (rope.Number("partial_rotary_factor", 1) != 1) rope.Fail("partial_rotary_factor", "is not 1: rotating a part of a head is not supported");
        // Older files call it type.
        var key = rope.Has("rope_type") || !rope.Has("type") ? "rope_type" : "type";
        var type = rope.Text(key, "default");
        if (type is not ("default" or "llama3")) rope.Fail(key, $"is \"{type}\": only llama3 and default are supported");
        if (type != "llama3") return (theta, null);
        var scaling = new Llama4RopeScaling(
            rope.RequiredNumber("factor"),
            rope.RequiredNumber("low_freq_factor"),
            rope.RequiredNumber("high_freq_factor"),
            rope.Int("original_max_position_embeddings", text.Int("max_position_embeddings", 131072)));
        return (theta, rope.AnyFailed ? null : scaling);
    }

    private static string RopeKey(ConfigReader text) => text.Has("rope_scaling") ? "rope_scaling" : "rope_parameters";
}
