using Lanyard.Models.Layers;

namespace Lanyard.Models.Llama4;

/// <summary>The angle by which one step of position turns each pair of a head's elements.</summary>
internal static class RotaryFrequencies
{
    /// <summary>One frequency for each pair, scaled where the configuration says so.</summary>
    public static float[] Of(Llama4Config config)
    {
        var frequencies = RotaryEmbedding.Frequencies(config.HeadDim, config.RopeTheta);
        return config.RopeScaling is var (factor, low, high, original) ? new Llama3Scaling(factor, low, high, original).Scale(frequencies, config.RopeTheta) : frequencies;
    }
}
