using Lanyard.Models.Layers;

namespace Lanyard.Models.Llama4;

/// <summary>The angle by which one step of position turns each pair of a head's elements.</summary>
internal static class RotaryFrequencies
{
    /// <summary>
    /// One frequency for each pair, scaled where the configuration says so.
    /// Source: transformers, <c>modeling_rope_utils.py</c>, <c>_compute_llama3_parameters</c>.
    /// </summary>
    public static float[] Of(Llama4Config config)
    {
        var frequencies = RotaryEmbedding.Frequencies(config.HeadDim, config.RopeTheta);
        if (config.RopeScaling is not { } scaling) return frequencies;
        for (var i = 0; i < frequencies.Length; i++) frequencies[i] = Scale(frequencies[i], scaling);
        return frequencies;
    }

    private static float Scale(float frequency, Llama4RopeScaling scaling)
    {
        var wavelength = (float)(2 * Math.PI) / frequency;
        var (factor, original) = ((float)scaling.Factor, (float)scaling.OriginalMaxPositionEmbeddings);
        if (wavelength > (float)(original / scaling.LowFreqFactor)) return frequency / factor;
        if (wavelength < (float)(original / scaling.HighFreqFactor)) return frequency;
        var (low, high) = ((float)scaling.LowFreqFactor, (float)scaling.HighFreqFactor);
        var kept = ((original / wavelength) - low) / (high - low);
        return ((1 - kept) * frequency / factor) + (kept * frequency);
    }
}
