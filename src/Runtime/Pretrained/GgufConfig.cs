using System.Text.Json.Nodes;
using Lanyard.Checkpoints;
using Lanyard.Names;

namespace Lanyard.Pretrained;

/// <summary>
/// The metadata of a GGUF file as a configuration, under the names that transformers has for the same numbers. A key of the architecture that is not
/// known is refused: the model may compute something else by it. Sources: the published GGUF specification, "LLM"; llama.cpp, <c>gguf-py/gguf/constants.py</c>.
/// </summary>
internal static class GgufConfig
{
    /// <summary>The key that names the architecture.</summary>
    public const string Architecture = "general.architecture";

    // Where transformers has another name. Of llama with experts it is another still.
    private static readonly Dictionary<string, string> ModelTypes = new(StringComparer.Ordinal) { ["qwen2moe"] = "qwen2_moe", ["qwen3moe"] = "qwen3_moe" };

    private const string Llama = "llama";

    // Far more than anyone has.
    private const int MaxLayers = 10_000;

    private static readonly Dictionary<string, string> Whole = new(StringComparer.Ordinal)
    {
        ["vocab_size"] = "vocab_size",
        ["context_length"] = "max_position_embeddings",
        ["embedding_length"] = "hidden_size",
        ["block_count"] = "num_hidden_layers",
        ["feed_forward_length"] = "intermediate_size",
        ["attention.head_count"] = "num_attention_heads",
        ["attention.head_count_kv"] = "num_key_value_heads",
        ["attention.key_length"] = "head_dim",
        ["expert_count"] = "num_experts",
        ["expert_used_count"] = "num_experts_per_tok",
        ["expert_feed_forward_length"] = "moe_intermediate_size",
    };

    private static readonly Dictionary<string, string> Real = new(StringComparer.Ordinal)
    {
        ["attention.layer_norm_rms_epsilon"] = "rms_norm_eps",
        ["rope.freq_base"] = "rope_theta",
    };

    // Read together with others.
    private static readonly HashSet<string> Others = new(StringComparer.Ordinal) { "attention.value_length", "rope.dimension_count", "rope.scaling.type", "rope.scaling.factor", "rope.scaling.original_context_length", "rope.scaling.finetuned" };

    /// <summary>The configuration as JSON.</summary>
    /// <exception cref="CheckpointException">A key has another type than it should, or is not known.</exception>
    public static string Json(Checkpoint checkpoint)
    {
        var metadata = checkpoint.TypedMetadata;
        var architecture = metadata[Architecture].Text;
        var prefix = architecture + ".";
        var config = new JsonObject { ["model_type"] = ModelTypes.GetValueOrDefault(architecture, architecture), ["tie_word_embeddings"] = !checkpoint.Tensors.ContainsKey("output.weight") };
        var unknown = new List<string>();
        foreach (var (key, value) in metadata.Where(pair => pair.Key.StartsWith(prefix, StringComparison.Ordinal)).OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            var name = key[prefix.Length..];
            if (Whole.TryGetValue(name, out var whole)) config[whole] = Each(value, static value => value.Integer<long>());
            else if (Real.TryGetValue(name, out var real)) config[real] = value.Number;
            else if (!Others.Contains(name)) unknown.Add(key);
        }
        if (unknown.Count > 0) throw new CheckpointException(checkpoint.Path, $"its metadata says {string.Join(", ", unknown)}, of which nothing is known here: the model may compute something else by it. Make the model by its constructor and load it with LoadPlan.Create(model, checkpoint).Execute().");

        // Without a word llama.cpp means this one whatever the architecture, and families of transformers another each. Of the norms it means none.
        if (!config.ContainsKey("rope_theta")) config["rope_theta"] = 10000.0;
        if (!config.ContainsKey("rms_norm_eps")) throw new CheckpointException(checkpoint.Path, $"its metadata lacks {prefix}attention.layer_norm_rms_epsilon, for which nothing stands.");
        if (!config.ContainsKey("vocab_size") && metadata.TryGetValue("tokenizer.ggml.tokens", out var tokens)) config["vocab_size"] = tokens.Items.Count;
        if (config["num_experts"] is JsonValue experts && experts.GetValue<long>() > 0) AddExperts(checkpoint, architecture, config);
        AddRotation(checkpoint, prefix, config);
        return config.ToJsonString();
    }

    /// <summary>What the load of such a file is told besides: in which order llama's rows lie, and that the factors of the rotation, which the configuration has, are no weight.</summary>
    public static LoadOptions Adapted(Checkpoint checkpoint, LoadOptions? options)
    {
        options ??= LoadOptions.Default;
        var format = checkpoint.TypedMetadata[Architecture].Text == Llama ? "gguf-llama" : "gguf";

        // A family's own format may be any other; of these two the wrong one has the same names and shapes.
        if (options.Format is "gguf" or "gguf-llama" && options.Format != format) throw new CheckpointException(checkpoint.Path, $"its format is \"{format}\", and LoadOptions.Format says \"{options.Format}\", in which rows of queries and keys lie in another order.");
        if (options.Format is null) options = options with { Format = format };
        if (!checkpoint.Tensors.ContainsKey(GgufNames.RotaryFactors)) return options;
        var names = options.Names ?? new NameMapping();
        return names.Ignore.Contains(GgufNames.RotaryFactors) ? options : options with { Names = names with { Ignore = names.Ignore.Add(GgufNames.RotaryFactors) } };
    }

    /// <summary>What the architecture means without a word, as llama.cpp computes it.</summary>
    private static void AddExperts(Checkpoint checkpoint, string architecture, JsonObject config)
    {
        if (architecture == Llama) config["model_type"] = "mixtral";

        // Of the others llama.cpp decides by key, which is refused, or by the architecture, as the family does.
        if (architecture is Llama or "qwen3moe") config["norm_topk_prob"] = true;
        var layers = config["num_hidden_layers"] is JsonValue count ? Math.Clamp(count.GetValue<long>(), 0, MaxLayers) : 0;
        config["mlp_only_layers"] = new JsonArray([.. Enumerable.Range(0, (int)layers).Where(layer => !checkpoint.Tensors.ContainsKey($"blk.{layer}.ffn_gate_inp.weight")).Select(layer => (JsonNode)JsonValue.Create(layer))]);
    }

    /// <summary>A number, or one for each layer, which is given as one where all are equal.</summary>
    private static JsonNode Each(MetadataValue value, Func<MetadataValue, long> read)
    {
        if (value.Kind != MetadataKind.Array) return JsonValue.Create(read(value));
        var items = value.Items.Select(read).ToList();
        return items.Count > 0 && items.TrueForAll(item => item == items[0]) ? JsonValue.Create(items[0]) : new JsonArray([.. items.Select(item => (JsonNode)JsonValue.Create(item))]);
    }

    private static void AddRotation(Checkpoint checkpoint, string prefix, JsonObject config)
    {
        var metadata = checkpoint.TypedMetadata;
        if (checkpoint.Tensors.TryGetValue(GgufNames.RotaryFactors, out var stored))
        {
            if (stored is not { DType: CheckpointType.F32, Shape.Length: 1 }) throw new CheckpointException(checkpoint.Path, $"{GgufNames.RotaryFactors} is {stored.DType} [{string.Join(", ", stored.Shape)}], not F32 with one axis.");
            using var factors = checkpoint.Read(stored);
            config["rope_scaling"] = new JsonObject { ["rope_type"] = "factors", ["factors"] = new JsonArray([.. factors.data<float>().ToArray().Select(factor => (JsonNode)JsonValue.Create((double)factor))]) };
        }
        var width = config["head_dim"] is JsonValue head ? head.GetValue<long>()
            : config["hidden_size"] is JsonValue hidden && config["num_attention_heads"] is JsonValue heads && heads.GetValue<long>() > 0 ? hidden.GetValue<long>() / heads.GetValue<long>()
            : 0;
        if (metadata.TryGetValue(prefix + "attention.value_length", out var value) && value.Integer<long>() != width)
            throw new CheckpointException(checkpoint.Path, $"its metadata says that values are {value.Integer<long>()} wide and keys {width}, which no configuration of transformers says of these families.");
        if (metadata.TryGetValue(prefix + "rope.dimension_count", out var turned) && turned.Integer<long>() != width && width > 0) config["partial_rotary_factor"] = (double)turned.Integer<long>() / width;
        if (!metadata.TryGetValue(prefix + "rope.scaling.type", out var type) || type.Text == "none")
        {
            // A factor without a type was linear in older files.
            if (metadata.TryGetValue(prefix + "rope.scaling.factor", out var alone) && alone.Number != 1) throw new CheckpointException(checkpoint.Path, $"its metadata has {prefix}rope.scaling.factor without a type.");
            return;
        }
        if (config.ContainsKey("rope_scaling")) throw new CheckpointException(checkpoint.Path, $"it has both {GgufNames.RotaryFactors} and {prefix}rope.scaling.type \"{type.Text}\".");
        var scaling = new JsonObject { ["rope_type"] = type.Text };
        if (metadata.TryGetValue(prefix + "rope.scaling.factor", out var factor)) scaling["factor"] = factor.Number;
        if (metadata.TryGetValue(prefix + "rope.scaling.original_context_length", out var length)) scaling["original_max_position_embeddings"] = length.Integer<long>();
        config["rope_scaling"] = scaling;
    }
}
