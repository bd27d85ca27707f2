namespace Lanyard.Models.Layers;

/// <summary>The layers of families with latent attention.</summary>
internal static class LatentLayers
{
    /// <summary>Latent attention, and a feed-forward block or a mixture of experts; with an indexer in some layers, and the choice of the last one in others.</summary>
    public static Func<int, DecoderLayer> Of(LatentConfig config)
    {
        var decoder = config.Mixture.Decoder;
        var rotary = new RotaryEmbedding(config.QkRopeHeadDim, decoder.RopeTheta, decoder.RopeScaling);
        var last = -1;
        return layer =>
        {
            var own = config.Indexer is { } indexer && !indexer.SharedLayers.Contains(layer) ? new Indexer(indexer, config, rotary) : null;
            if (own is not null) last = layer;
            return new DecoderLayer(
                decoder.HiddenSize,
                new LatentAttention(config, rotary, own, last),
                config.Mixture.DenseLayers.Contains(layer) ? new GatedMlp(decoder.HiddenSize, decoder.IntermediateSize) : new GroupedMoe(config),
                decoder.RmsNormEps);
        };
    }
}
