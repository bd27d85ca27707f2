namespace Lanyard.Models.Layers;

/// <summary>What the layers of families are, by their numbers.</summary>
internal static class DecoderLayers
{
    /// <summary>Layers that all have a feed-forward block.</summary>
    public static Func<int, DecoderLayer> Dense(DecoderConfig config, AttentionConfig attention) => _ =>
        new DecoderLayer(config.HiddenSize, new GroupedAttention(attention), new GatedMlp(config.HiddenSize, config.IntermediateSize), config.RmsNormEps);

    /// <summary>Layers that have a mixture of experts, but for those that the configuration names.</summary>
    public static Func<int, DecoderLayer> Mixed(MixtureConfig config, AttentionConfig attention, ExpertChoice choice) => layer => config.DenseLayers.Contains(layer)
        ? Dense(config.Decoder, attention)(layer)
        : new DecoderLayer(config.Decoder.HiddenSize, new GroupedAttention(attention), new SparseMoe(config.NumExperts, config.Decoder.HiddenSize, config.MoeIntermediateSize, choice), config.Decoder.RmsNormEps);
}
