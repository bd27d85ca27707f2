using Lanyard.Models.Layers;

namespace Lanyard.Models.Gemma4;

/// <summary>The configuration of a Gemma 4 text model. The names are those of <c>config.json</c>; the meaning is that of transformers, <c>configuration_gemma4.py</c>, <c>Gemma4TextConfig</c>.</summary>
public sealed record Gemma4Config
{
    /// <summary>What all families have; heads and rotation are those of layers with a window.</summary>
    public required DecoderConfig Decoder { get; init; }

    /// <summary>The layers in which a query sees all keys before it; the others have a window.</summary>
    public required IReadOnlyCollection<int> FullLayers { get; init; }

    /// <summary>How many keys a query sees in layers with a window, its own among them.</summary>
    public int SlidingWindow { get; init; } = 512;

    /// <summary>The width of a head in full layers.</summary>
    public int GlobalHeadDim { get; init; } = 512;

    /// <summary>The number of key heads in full layers whose keys are their values; null for as many as in the others.</summary>
    public int? NumGlobalKeyValueHeads { get; init; }

    /// <summary>The base of the rotary frequencies in full layers.</summary>
    public double FullRopeTheta { get; init; } = 1_000_000;

    /// <summary>How those frequencies are changed, or null.</summary>
    public RotaryScaling? FullRopeScaling { get; init; } = new ProportionalScaling(0.25);

    /// <summary>Whether keys of full layers serve as values, before their norm.</summary>
    public bool AttentionKEqV { get; init; }

    /// <summary>How many of the last layers read the keys and values of earlier ones.</summary>
    public int NumKvSharedLayers { get; init; }

    /// <summary>Whether the feed-forward blocks of those are twice as wide.</summary>
    public bool UseDoubleWideMlp { get; init; }

    /// <summary>The width of the input of each layer; zero where there is none.</summary>
    public int HiddenSizePerLayerInput { get; init; }

    /// <summary>The number of tokens that these inputs know.</summary>
    public int VocabSizePerLayerInput { get; init; }

    /// <summary>The number of experts beside each feed-forward block; zero where there are none.</summary>
    public int NumExperts { get; init; }

    /// <summary>How many experts a token visits.</summary>
    public int TopKExperts { get; init; }

    /// <summary>The inner width of an expert.</summary>
    public int MoeIntermediateSize { get; init; }

    /// <summary>The bound that logits near; null for none.</summary>
    public double? FinalLogitSoftcapping { get; init; }

    /// <summary>The number of key heads in full layers.</summary>
    internal int NumFullKeyValueHeads => AttentionKEqV ? NumGlobalKeyValueHeads ?? Decoder.NumKeyValueHeads : Decoder.NumKeyValueHeads;

    /// <summary>The attention of layers with a window. The rotation is one object, so that a pass computes it once.</summary>
    internal AttentionConfig SlidingAttention() => Decoder.Attention() with { NormEps = Decoder.RmsNormEps, Window = SlidingWindow };

    /// <summary>That of full layers.</summary>
    internal AttentionConfig FullAttention() =>
        SlidingAttention() with { KvHeads = NumFullKeyValueHeads, HeadDim = GlobalHeadDim, Rotary = new RotaryEmbedding(GlobalHeadDim, FullRopeTheta, FullRopeScaling), Window = null };

    /// <summary>Checks a configuration that was written in code.</summary>
    /// <exception cref="ConfigException">The configuration cannot be used; everything that is wrong is listed.</exception>
    public void Validate() => ConfigException.ThrowIfAny(nameof(Gemma4Config), Constraints());

    /// <summary>The layer whose keys and values a layer reads: the last of its kind that has its own; null where it has its own.</summary>
    internal int? SourceOf(int layer)
    {
        var own = Decoder.NumHiddenLayers - NumKvSharedLayers;
        if (layer < own) return null;
        for (var source = own - 1; source >= 0; source--)
        {
            if (FullLayers.Contains(source) == FullLayers.Contains(layer)) return source;
        }
        return null;
    }

    /// <summary>What is wrong with the values, each with the keys that it concerns, the first of which begins the sentence.</summary>
    internal IEnumerable<(string[] Keys, string Problem)> Constraints()
    {
        foreach (var wrong in Decoder.Constraints()) yield return wrong;
        var positive = new List<(string Key, double Value)> { ("sliding_window", SlidingWindow), ("global_head_dim", GlobalHeadDim), ("num_global_key_value_heads", NumFullKeyValueHeads), ("rope_parameters", FullRopeTheta), ("final_logit_softcapping", FinalLogitSoftcapping ?? 1) };
        if (HiddenSizePerLayerInput != 0) positive.AddRange([("hidden_size_per_layer_input", HiddenSizePerLayerInput), ("vocab_size_per_layer_input", VocabSizePerLayerInput)]);
        if (NumExperts != 0) positive.AddRange([("num_experts", NumExperts), ("top_k_experts", TopKExperts), ("moe_intermediate_size", MoeIntermediateSize)]);
        foreach (var (key, value) in positive)
        {
            if (value <= 0) yield return ([key], FormattableString.Invariant($"is {value}, not positive"));
        }
        if (TopKExperts > NumExperts) yield return (["top_k_experts", "num_experts"], $"is {TopKExperts}, more than the {NumExperts} experts");
        if (GlobalHeadDim % 2 != 0) yield return (["global_head_dim"], $"is {GlobalHeadDim}: rotation needs pairs, so an even number");
        if (NumFullKeyValueHeads > 0 && Decoder.NumAttentionHeads % NumFullKeyValueHeads != 0)
            yield return (["num_attention_heads", "num_global_key_value_heads", "num_key_value_heads"], $"is {Decoder.NumAttentionHeads}, not a multiple of num_global_key_value_heads, {NumFullKeyValueHeads}");
        var own = Decoder.NumHiddenLayers - NumKvSharedLayers;
        if (NumKvSharedLayers < 0 || own <= 0) yield return (["num_kv_shared_layers", "num_hidden_layers"], $"is {NumKvSharedLayers} of {Decoder.NumHiddenLayers} layers: a first one needs keys and values of its own");
        else if (Enumerable.Range(own, NumKvSharedLayers).FirstOrDefault(layer => SourceOf(layer) is null, -1) is >= 0 and var orphan)
            yield return (["num_kv_shared_layers", "layer_types", "num_hidden_layers"], $"is {NumKvSharedLayers}: of the kind of layer {orphan} no earlier one has keys and values of its own");
    }
}
