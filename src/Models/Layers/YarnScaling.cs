namespace Lanyard.Models.Layers;

/// <summary>
/// YaRN: frequencies that turn often within the original length are kept, slow ones are divided, with a ramp between. Sources: arXiv 2309.00071;
/// transformers, <c>modeling_rope_utils.py</c>, <c>_compute_yarn_parameters</c>.
/// </summary>
/// <param name="Factor">By what slow frequencies are divided.</param>
/// <param name="OriginalMaxPositionEmbeddings">The original length.</param>
public sealed record YarnScaling(double Factor, int OriginalMaxPositionEmbeddings) : RotaryScaling
{
    /// <summary>How many turns within the original length make a frequency fast.</summary>
    public double BetaFast { get; init; } = 32;

    /// <summary>How many make it slow.</summary>
    public double BetaSlow { get; init; } = 1;

    /// <summary>Whether the ramp begins and ends at whole pairs.</summary>
    public bool Truncate { get; init; } = true;

    /// <summary>Zero where the file has none, as for the next.</summary>
    public double MScale { get; init; }

    /// <summary>The strength of the correction of attention that some families put into the scale of the scores.</summary>
    public double MScaleAllDim { get; init; }

    /// <summary>What cosines and sines are multiplied with, where the file says it.</summary>
    public double? AttentionFactor { get; init; }

    /// <inheritdoc/>
    public override double Amplitude => AttentionFactor ?? (MScale != 0 && MScaleAllDim != 0 ? Correction(MScale) / Correction(MScaleAllDim) : Correction(1));

    /// <summary>0.1 strength ln(factor) + 1; 1 where nothing is longer.</summary>
    public double Correction(double strength) => Factor <= 1 ? 1 : (0.1 * strength * Math.Log(Factor)) + 1;

    internal override float[] Scale(float[] frequencies, double theta)
    {
        var width = 2 * frequencies.Length;
        var (low, high) = (PairOf(BetaFast), PairOf(BetaSlow));
        if (Truncate) (low, high) = (Math.Floor(low), Math.Ceiling(high));
        (low, high) = (Math.Max(low, 0), Math.Min(high, width - 1));
        if (low == high) high += 0.001;
        return [.. frequencies.Select((frequency, pair) =>
        {
            var divided = Math.Clamp((pair - (float)low) / (float)(high - low), 0f, 1f);
            return (frequency / (float)Factor * divided) + (frequency * (1 - divided));
        })];

        // The pair that turns so often within the original length.
        double PairOf(double turns) => width * Math.Log(OriginalMaxPositionEmbeddings / (turns * 2 * Math.PI)) / (2 * Math.Log(theta));
    }
}
