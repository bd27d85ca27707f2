using System.Collections.Immutable;
using Lanyard.Models.Layers;

namespace Lanyard.Models.DeepseekV4;

/// <summary>The configuration of a DeepSeek-V4 model. The names are those of <c>config.json</c>; the meaning is that of transformers, <c>configuration_deepseek_v4.py</c>, <c>DeepseekV4Config</c>.</summary>
public sealed record DeepseekV4Config
{
    /// <summary>What all families have; the inner width is that of an expert, the rotation that of layers without compression.</summary>
    public required DecoderConfig Decoder { get; init; }

    /// <summary>The layers, in order.</summary>
    public required ImmutableArray<DeepseekV4LayerConfig> Layers { get; init; }

    /// <summary>How many elements of a head are turned, the last ones.</summary>
    public required int QkRopeHeadDim { get; init; }

    /// <summary>The width of the latent query.</summary>
    public required int QLoraRank { get; init; }

    /// <summary>The number of groups of heads that are projected each by itself.</summary>
    public required int OGroups { get; init; }

    /// <summary>The width of what comes of a group.</summary>
    public required int OLoraRank { get; init; }

    /// <summary>The number of routed experts in a mixture.</summary>
    public required int NumExperts { get; init; }

    /// <summary>How many of them a token visits.</summary>
    public required int NumExpertsPerTok { get; init; }

    /// <summary>What the weights of experts are multiplied with.</summary>
    public double RoutedScalingFactor { get; init; } = 1.5;

    /// <summary>The largest gate and up of experts.</summary>
    public double SwigluLimit { get; init; } = 10;

    /// <summary>How many keys a query sees, its own among them, beside compressed ones.</summary>
    public int SlidingWindow { get; init; } = 128;

    /// <summary>How many tokens an entry stands for in layers with an indexer.</summary>
    public int SparseRate { get; init; } = 4;

    /// <summary>How many in the other layers with compression.</summary>
    public int HeavyRate { get; init; } = 128;

    /// <summary>The number of an indexer's heads.</summary>
    public required int IndexNHeads { get; init; }

    /// <summary>The width of one of them.</summary>
    public required int IndexHeadDim { get; init; }

    /// <summary>How many entries an indexer chooses.</summary>
    public int IndexTopk { get; init; } = 512;

    /// <summary>The base of the rotary frequencies in layers with compression.</summary>
    public double CompressRopeTheta { get; init; } = 160_000;

    /// <summary>How those frequencies are changed, or null.</summary>
    public RotaryScaling? CompressRopeScaling { get; init; }

    /// <summary>The number of residual streams.</summary>
    public int HcMult { get; init; } = 4;

    /// <summary>How often rows and columns of what mixes them are made to add up to one.</summary>
    public int HcSinkhornIters { get; init; } = 20;

    /// <summary>What is added to weights of streams and to their sums.</summary>
    public double HcEps { get; init; } = 1e-6;

    /// <summary>Checks a configuration that was written in code.</summary>
    /// <exception cref="ConfigException">The configuration cannot be used; everything that is wrong is listed.</exception>
    public void Validate() => ConfigException.ThrowIfAny(nameof(DeepseekV4Config), Constraints());

    /// <summary>The rotation of layers without compression. One object, so that a pass computes it once, as the next.</summary>
    internal RotaryEmbedding NearRotary() => new(QkRopeHeadDim, Decoder.RopeTheta, Decoder.RopeScaling);

    /// <summary>The rotation of layers with compression, and of their entries.</summary>
    internal RotaryEmbedding FarRotary() => new(QkRopeHeadDim, CompressRopeTheta, CompressRopeScaling);

    internal HyperConnections Connections() => new(HcMult, HcSinkhornIters, HcEps, Decoder.RmsNormEps);

    /// <summary>What is wrong with the values, each with the keys that it concerns, the first of which begins the sentence.</summary>
    internal IEnumerable<(string[] Keys, string Problem)> Constraints()
    {
        foreach (var wrong in Decoder.Constraints()) yield return wrong;
        (string Key, double Value)[] positive =
        [
            ("qk_rope_head_dim", QkRopeHeadDim), ("q_lora_rank", QLoraRank), ("o_groups", OGroups), ("o_lora_rank", OLoraRank), ("n_routed_experts", NumExperts),
            ("num_experts_per_tok", NumExpertsPerTok), ("swiglu_limit", SwigluLimit), ("sliding_window", SlidingWindow), ("compress_rates", Math.Min(SparseRate, HeavyRate)),
            ("index_n_heads", IndexNHeads), ("index_head_dim", IndexHeadDim), ("index_topk", IndexTopk), ("compress_rope_theta", CompressRopeTheta), ("hc_mult", HcMult),
            ("hc_sinkhorn_iters", HcSinkhornIters), ("hc_eps", HcEps),
        ];
        foreach (var (key, value) in positive)
        {
            if (value <= 0) yield return ([key], FormattableString.Invariant($"is {value}, not positive"));
        }
        if (Decoder.NumKeyValueHeads != 1) yield return (["num_key_value_heads"], $"is {Decoder.NumKeyValueHeads}: this family has one key for all queries");
        if (OGroups > 0 && Decoder.NumAttentionHeads % OGroups != 0) yield return (["num_attention_heads", "o_groups"], $"is {Decoder.NumAttentionHeads}, not a multiple of o_groups, {OGroups}");
        if (QkRopeHeadDim % 2 != 0 || QkRopeHeadDim > Decoder.HeadDim) yield return (["qk_rope_head_dim", "head_dim", "partial_rotary_factor"], $"is {QkRopeHeadDim} of heads of {Decoder.HeadDim}: rotation needs pairs, so an even number");
        if (QkRopeHeadDim > IndexHeadDim) yield return (["index_head_dim", "qk_rope_head_dim"], $"is {IndexHeadDim}, less than the {QkRopeHeadDim} elements that are turned");
        if (NumExpertsPerTok > NumExperts) yield return (["num_experts_per_tok", "n_routed_experts"], $"is {NumExpertsPerTok}, more than the {NumExperts} experts");
        if (Layers.Length != Decoder.NumHiddenLayers) yield return (["num_hidden_layers", "compress_ratios", "layer_types"], $"is {Decoder.NumHiddenLayers}, but {Layers.Length} layers are described");
    }
}
