using Lanyard.Models.Layers;

namespace Lanyard.Models.Gemma4;

/// <summary>Reads <c>config.json</c>. The keys that decide shapes are required; the others have the defaults of transformers. What the model would silently compute otherwise is refused.</summary>
internal static class Gemma4ConfigReader
{
    private const string Full = "full_attention";
    private const string Sliding = "sliding_attention";

    public static Gemma4Config? Read(ConfigReader root)
    {
        var nested = root.Has("text_config");
        var (wanted, type) = (nested ? "gemma4" : "gemma4_text", root.Text("model_type", ""));
        if (type != wanted && type != "") root.Fail("model_type", $"is \"{type}\", not {(nested ? wanted : "gemma4_text, nor gemma4 with a text_config")}");
        if ((nested ? root.Object("text_config") : root) is not { } text) return null;
        if (nested && text.Text("model_type", "gemma4_text") is var inner and not "gemma4_text") text.Fail("model_type", $"is \"{inner}\", not gemma4_text");
        Refuse(text);
        var tied = text.Flag("tie_word_embeddings", true);
        if (root.Flag("tie_word_embeddings", tied) != tied) root.Fail("tie_word_embeddings", "is not what text_config says: which of them is meant?");
        var (headDim, hasExperts) = (text.Int("head_dim", 256), text.Flag("enable_moe_block", false));
        var (count, kvHeads) = (text.RequiredInt("num_hidden_layers"), text.RequiredInt("num_key_value_heads"));
        var full = FullLayers(text, count);
        var (globalDim, globalHeads) = HeadsOfFullLayers(text, headDim, kvHeads, full, count);
        var sliding = Rotation(text, Sliding, headDim, headDim);
        var whole = Rotation(text, Full, headDim, globalDim);
        var vocab = text.RequiredInt("vocab_size");
        var config = new Gemma4Config
        {
            Decoder = new DecoderConfig
            {
                VocabSize = vocab,
                HiddenSize = text.RequiredInt("hidden_size"),
                IntermediateSize = text.RequiredInt("intermediate_size"),
                NumHiddenLayers = count,
                NumAttentionHeads = text.RequiredInt("num_attention_heads"),
                NumKeyValueHeads = kvHeads,
                HeadDim = headDim,
                TieWordEmbeddings = tied,
                RmsNormEps = text.Number("rms_norm_eps", 1e-6),
                RopeTheta = sliding.Theta,
                RopeScaling = sliding.Scaling,
            },
            FullLayers = full,
            SlidingWindow = text.Int("sliding_window", 512),
            GlobalHeadDim = globalDim,
            NumGlobalKeyValueHeads = globalHeads,
            FullRopeTheta = whole.Theta,
            FullRopeScaling = whole.Scaling,
            AttentionKEqV = text.Flag("attention_k_eq_v", false),
            NumKvSharedLayers = text.Int("num_kv_shared_layers", 0),
            UseDoubleWideMlp = text.Flag("use_double_wide_mlp", false),
            HiddenSizePerLayerInput = text.Int("hidden_size_per_layer_input", 256),
            VocabSizePerLayerInput = text.Int("vocab_size_per_layer_input", 262_144),
            NumExperts = hasExperts ? text.RequiredInt("num_experts") : 0,
            TopKExperts = hasExperts ? text.RequiredInt("top_k_experts") : 0,
            MoeIntermediateSize = hasExperts ? text.RequiredInt("moe_intermediate_size") : 0,
            FinalLogitSoftcapping = text.Has("final_logit_softcapping") ? text.Number("final_logit_softcapping", 30) : null,
        };
        text.FailAny(config.Constraints());
        if (hasExperts && config.NumExperts == 0) text.Fail("num_experts", "is 0, not positive");
        return config;
    }

    private static void Refuse(ConfigReader text)
    {
        foreach (var key in new[] { "hidden_activation", "hidden_act" })
        {
            if (text.Text(key, "gelu_pytorch_tanh") is var activation and not "gelu_pytorch_tanh") text.Fail(key, $"is \"{activation}\": only gelu_pytorch_tanh is supported");
        }
        if (text.Flag("attention_bias", false)) text.Fail("attention_bias", "is true: biases of attention are not supported");
        if (!text.Flag("is_causal", true)) text.Fail("is_causal", "is false: attention to what lies behind is not supported");

        // Of images alone, vision, changes nothing in a text.
        if (text.Text("use_bidirectional_attention", "vision") is var both and not "vision") text.Fail("use_bidirectional_attention", $"is \"{both}\": attention to what lies behind is not supported");
        foreach (var key in new[] { "rope_scaling", "rope_theta", "partial_rotary_factor" })
        {
            if (text.Has(key)) text.Fail(key, "stands outside rope_parameters, where this family has the rotations of its two kinds of layers");
        }
        foreach (var key in new[] { "attn_logit_softcapping", "query_pre_attn_scalar" })
        {
            if (text.Has(key)) text.Fail(key, "is not supported");
        }
        foreach (var key in new[] { "hidden_size_per_layer_input", "num_kv_shared_layers" })
        {
            if (text.IsNull(key)) text.Fail(key, "is null: 0 is none");
        }
    }

    private static int[] FullLayers(ConfigReader text, int count)
    {
        if (count > ConfigReader.MaxLayers) text.Fail("num_hidden_layers", $"is {count}, more than {ConfigReader.MaxLayers}");
        if (count is <= 0 or > ConfigReader.MaxLayers) return [];

        // Without a list every sixth, and the last.
        if (text.Texts("layer_types") is not { } types) return [.. Enumerable.Range(0, count).Where(layer => (layer + 1) % 6 == 0 || layer == count - 1)];
        if (types.Length != count) text.Fail("layer_types", $"has {types.Length} items for {count} layers");
        if (types.FirstOrDefault(type => type is not (Sliding or Full)) is { } other) text.Fail("layer_types", $"holds \"{other}\", neither {Sliding} nor {Full}");
        if (types is [.., Sliding]) text.Fail("layer_types", $"ends with {Sliding}: the last layer of this family is full, whatever is written");
        return [.. types.Index().Where(type => type.Item == Full).Select(type => type.Index)];
    }

    /// <summary>The width and the number of key heads in full layers: published files have both under names of their own, files that newer transformers wrote layer by layer.</summary>
    private static (int HeadDim, int? KvHeads) HeadsOfFullLayers(ConfigReader text, int headDim, int kvHeads, int[] full, int count)
    {
        const string Each = "per_layer_config";
        var globalDim = text.IsNull("global_head_dim") ? headDim : text.Int("global_head_dim", 512);
        int? globalHeads = text.Has("num_global_key_value_heads") ? text.Int("num_global_key_value_heads", 1) : null;
        if (text.Object(Each) is not { } layers) return (globalDim, globalHeads);
        foreach (var key in layers.Keys().Except(Enumerable.Range(0, Math.Clamp(count, 0, ConfigReader.MaxLayers)).Select(static layer => $"{layer}"))) layers.Fail(key, $"is none of {count} layers");
        var own = Enumerable.Range(0, Math.Clamp(count, 0, ConfigReader.MaxLayers)).Select(layer => Of(layers.Object($"{layer}"))).ToList();
        if (own.Index().FirstOrDefault(layer => !full.Contains(layer.Index) && layer.Item != (headDim, kvHeads)) is { Item: not (0, 0) } other) layers.Fail($"{other.Index}", "has other heads, and is a layer with a window");
        if (full.Where(layer => layer < own.Count).Select(layer => own[layer]).Distinct().ToList() is not [var (dim, heads)])
        {
            if (full.Length > 0) text.Fail(Each, "has other heads in one full layer than in another");
            return (globalDim, globalHeads);
        }
        if (text.Has("global_head_dim") && globalDim != dim) text.Fail("global_head_dim", $"is {globalDim}, but {Each} says {dim}: which of them is meant?");
        if (globalHeads is { } said && said != heads) text.Fail("num_global_key_value_heads", $"is {said}, but {Each} says {heads}: which of them is meant?");
        if (heads != kvHeads && !text.Flag("attention_k_eq_v", false)) text.Fail(Each, "has other key heads in full layers, which only those have whose keys are their values: attention_k_eq_v");
        return (dim, heads);

        (int HeadDim, int KvHeads) Of(ConfigReader? layer)
        {
            if (layer is null) return (headDim, kvHeads);
            foreach (var key in layer.Keys().Where(static key => key is not ("head_dim" or "num_key_value_heads"))) layer.Fail(key, "is not supported: layers may have other heads alone");
            return (layer.Int("head_dim", headDim), layer.Int("num_key_value_heads", kvHeads));
        }
    }

    /// <summary>The rotation of a kind of layers.</summary>
    private static (double Theta, RotaryScaling? Scaling) Rotation(ConfigReader text, string kind, int headDim, int width)
    {
        if (text.Object("rope_parameters") is not { } both) return kind == Full ? (1_000_000, new ProportionalScaling(0.25)) : (10_000, null);
        if (both.Object(kind) is not { } rope)
        {
            both.Fail(kind, "is missing");
            return (1, null);
        }
        var (theta, part, factor) = (rope.RequiredNumber("rope_theta"), rope.Number("partial_rotary_factor", 1), rope.Number("factor", 1));
        if (factor <= 0) rope.Fail("factor", FormattableString.Invariant($"is {factor}, not positive"));
        if (part is < 0 or > 1) rope.Fail("partial_rotary_factor", FormattableString.Invariant($"is {part}, no part of a whole"));
        switch (rope.Text("rope_type", "default"))
        {
            case "proportional":
                return (theta, new ProportionalScaling(part, factor));
            case "default":
                if (part != 1) rope.Fail("partial_rotary_factor", "is not 1, which the default rotation does not know: proportional does");
                if (factor != 1) rope.Fail("factor", "is not 1, which the default rotation does not know: proportional does");
                if (width != headDim) rope.Fail("rope_type", $"is \"default\", which turns heads of {headDim}, but these have {width}");
                return (theta, null);
            case var other:
                rope.Fail("rope_type", $"is \"{other}\": only default and proportional are supported");
                return (theta, null);
        }
    }
}
