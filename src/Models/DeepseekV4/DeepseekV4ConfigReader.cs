using System.Collections.Immutable;
using Lanyard.Models.Layers;

namespace Lanyard.Models.DeepseekV4;

/// <summary>Reads <c>config.json</c>. The keys that decide shapes are required; the others have the defaults of transformers. What the model would silently compute otherwise is refused.</summary>
internal static class DeepseekV4ConfigReader
{
    private static readonly string[] Kinds = ["sliding_attention", "compressed_sparse_attention", "heavily_compressed_attention"];

    public static DeepseekV4Config Read(ConfigReader text)
    {
        Refuse(text);
        var (count, headDim) = (text.RequiredInt("num_hidden_layers"), text.RequiredInt("head_dim"));
        var turned = Turned(text, headDim);
        var (near, far) = Rotations(text, headDim, turned);
        var rates = text.Object("compress_rates");
        var config = new DeepseekV4Config
        {
            Decoder = new DecoderConfig
            {
                VocabSize = text.RequiredInt("vocab_size"),
                HiddenSize = text.RequiredInt("hidden_size"),
                IntermediateSize = text.RequiredInt("moe_intermediate_size"),
                NumHiddenLayers = count,
                NumAttentionHeads = text.RequiredInt("num_attention_heads"),
                NumKeyValueHeads = text.Int("num_key_value_heads", 1),
                HeadDim = headDim,
                TieWordEmbeddings = text.Flag("tie_word_embeddings", false),
                RmsNormEps = text.Number("rms_norm_eps", 1e-6),
                RopeTheta = near.Theta,
                RopeScaling = near.Scaling,
            },
            Layers = Layers(text, count),
            QkRopeHeadDim = turned,
            QLoraRank = text.RequiredInt("q_lora_rank"),
            OGroups = text.RequiredInt("o_groups"),
            OLoraRank = text.RequiredInt("o_lora_rank"),
            NumExperts = text.RequiredInt("n_routed_experts"),
            NumExpertsPerTok = text.RequiredInt("num_experts_per_tok"),
            RoutedScalingFactor = text.Number("routed_scaling_factor", 1.5),
            SwigluLimit = text.Number("swiglu_limit", 10),
            SlidingWindow = text.Int("sliding_window", 128),
            SparseRate = text.Int("compress_rate_csa", rates?.Int(Kinds[1], 4) ?? 4),
            HeavyRate = text.Int("compress_rate_hca", rates?.Int(Kinds[2], 128) ?? 128),
            IndexNHeads = text.RequiredInt("index_n_heads"),
            IndexHeadDim = text.RequiredInt("index_head_dim"),
            IndexTopk = text.Int("index_topk", 512),
            CompressRopeTheta = far.Theta,
            CompressRopeScaling = far.Scaling,
            HcMult = text.RequiredInt("hc_mult"),
            HcSinkhornIters = text.Int("hc_sinkhorn_iters", 20),
            HcEps = text.Number("hc_eps", 1e-6),
        };
        text.FailAny(config.Constraints());
        return config;
    }

    private static void Refuse(ConfigReader text)
    {
        if (text.Text("model_type", "deepseek_v4") is var type and not "deepseek_v4") text.Fail("model_type", $"is \"{type}\", not deepseek_v4");
        if (text.Text("hidden_act", "silu") is var activation and not "silu") text.Fail("hidden_act", $"is \"{activation}\": only silu is supported");
        if (text.Text("scoring_func", "sqrtsoftplus") is var scores and not "sqrtsoftplus") text.Fail("scoring_func", $"is \"{scores}\": only sqrtsoftplus is supported");
        if (text.Text("topk_method", "noaux_tc") is var method and not "noaux_tc") text.Fail("topk_method", $"is \"{method}\": only noaux_tc is supported");
        if (!text.Flag("norm_topk_prob", true)) text.Fail("norm_topk_prob", "is false: weights of experts always add up to one here");
        if (text.Int("n_shared_experts", 1) is var shared and not 1) text.Fail("n_shared_experts", $"is {shared}: only 1 is supported");
        if (!text.Flag("is_causal", true)) text.Fail("is_causal", "is false: attention to what lies behind is not supported");
        foreach (var key in new[] { "attention_bias", "mlp_bias" })
        {
            if (text.Flag(key, false)) text.Fail(key, "is true: biases are not supported");
        }
        foreach (var key in new[] { "n_group", "topk_group" })
        {
            if (text.Int(key, 1) != 1) text.Fail(key, "is not 1: groups of experts are not supported");
        }
    }

    /// <summary>How many elements of a head are turned: files have a number, or a factor.</summary>
    private static int Turned(ConfigReader text, int headDim)
    {
        var number = text.Int("qk_rope_head_dim", headDim / 8);
        if (!text.Has("partial_rotary_factor")) return number;
        var part = (int)(headDim * text.Number("partial_rotary_factor", 1));
        if (text.Has("qk_rope_head_dim") && part != number) text.Fail("qk_rope_head_dim", $"is {number}, but partial_rotary_factor turns {part}: which of them is meant?");
        return part;
    }

    /// <summary>The rotations of layers without and with compression: two objects in newer files, the base of each and a scaling of the second in published ones.</summary>
    private static ((double Theta, RotaryScaling? Scaling) Near, (double Theta, RotaryScaling? Scaling) Far) Rotations(ConfigReader text, int headDim, int turned)
    {
        if (text.Object("rope_parameters") is { } both && (both.Has("main") || both.Has("compress")))
        {
            if (text.Has("rope_scaling")) text.Fail("rope_scaling", "stands beside rope_parameters, and one of the two is meant: leave out the other");
            return (Nested(text, both, "main", headDim, turned), Nested(text, both, "compress", headDim, turned));
        }
        var (theta, scaling) = RotaryScaling.Read(text);
        if (text.Number("rope_theta", theta) != theta) text.Fail("rope_theta", "is said twice, and not alike");

        // Published code multiplies cosines and sines with nothing.
        if (scaling is YarnScaling yarn) scaling = yarn with { AttentionFactor = yarn.AttentionFactor ?? 1 };
        return ((theta, null), (text.Number("compress_rope_theta", 160_000), scaling));
    }

    private static (double Theta, RotaryScaling? Scaling) Nested(ConfigReader text, ConfigReader both, string name, int headDim, int turned)
    {
        if (both.Object(name) is not { } rope)
        {
            both.Fail(name, "is missing");
            return (1, null);
        }
        if (!rope.Has("rope_theta")) rope.Fail("rope_theta", "is missing");
        if ((int)(headDim * rope.Number("partial_rotary_factor", 1)) is var part && part != turned) rope.Fail("partial_rotary_factor", $"turns {part} of the {headDim} elements of a head, and the configuration itself {turned}");
        return (rope.Number("rope_theta", 1), RotaryScaling.ReadOne(text, rope));
    }

    private static ImmutableArray<DeepseekV4LayerConfig> Layers(ConfigReader text, int count)
    {
        if (count is <= 0 or > ConfigReader.MaxLayers) return [];
        var ratios = text.Ints("compress_ratios");
        if (ratios?.FirstOrDefault(static ratio => ratio is not (0 or 4 or 128)) is { } other and not 0) text.Fail("compress_ratios", $"holds {other}, none of 0, 4 and 128");
        var types = text.Texts("layer_types") ?? (ratios is null
            ? [.. Enumerable.Range(0, count).Select(static layer => Kinds[layer < 2 || layer % 2 == 0 ? 2 : 1])]
            : [.. ratios.Select(static ratio => Kinds[ratio switch { 0 => 0, 4 => 1, _ => 2 }])]);

        // What is behind the layers is that of the layers which predict further tokens.
        var tables = text.Texts("mlp_layer_types") ?? [.. Enumerable.Range(0, count).Select(layer => layer < text.Int("num_hash_layers", 3) ? "hash_moe" : "moe")];
        foreach (var (key, list, allowed) in new[] { (text.Has("layer_types") ? "layer_types" : "compress_ratios", types, Kinds), ("mlp_layer_types", tables, ["hash_moe", "moe"]) })
        {
            if (list.Length < count) text.Fail(key, $"has {list.Length} items for {count} layers");
            if (list.FirstOrDefault(item => !allowed.Contains(item)) is { } unknown) text.Fail(key, $"holds \"{unknown}\", none of {string.Join(", ", allowed)}");
        }
        if (text.Has("layer_types") && ratios is not null && !types.Take(count).SequenceEqual(ratios.Take(count).Select(static ratio => Kinds[ratio switch { 0 => 0, 4 => 1, _ => 2 }])))
            text.Fail("layer_types", "is not what compress_ratios says: which of them is meant?");
        return [.. types.Take(count).Zip(tables, static (type, table) => new DeepseekV4LayerConfig((DeepseekV4Compression)Array.IndexOf(Kinds, type), table == "hash_moe"))];
    }
}
