namespace Lanyard.Models.Layers;

/// <summary>
/// Slow frequencies are divided, fast ones are kept, those between are mixed. Source: transformers, <c>modeling_rope_utils.py</c>,
/// <c>_compute_llama3_parameters</c>.
/// </summary>
/// <param name="Factor">By what slow frequencies are divided.</param>
/// <param name="LowFreqFactor">How often a wave that is slow fits into the original length.</param>
/// <param name="HighFreqFactor">How often one that is fast does.</param>
/// <param name="OriginalMaxPositionEmbeddings">The original length.</param>
public sealed record Llama3Scaling(double Factor, double LowFreqFactor, double HighFreqFactor, int OriginalMaxPositionEmbeddings) : RotaryScaling
{
    internal override float[] Scale(float[] frequencies, double theta) => Array.ConvertAll(frequencies, Scale);

    private float Scale(float frequency)
    {
        var wavelength = (float)(2 * Math.PI) / frequency;
        var (factor, original) = ((float)Factor, (float)OriginalMaxPositionEmbeddings);
        if (wavelength > (float)(original / LowFreqFactor)) return frequency / factor;
        if (wavelength < (float)(original / HighFreqFactor)) return frequency;
        var (low, high) = ((float)LowFreqFactor, (float)HighFreqFactor);
        var kept = ((original / wavelength) - low) / (high - low);
        return ((1 - kept) * frequency / factor) + (kept * frequency);
    }
}
