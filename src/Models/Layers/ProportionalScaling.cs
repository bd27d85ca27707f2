namespace Lanyard.Models.Layers;

/// <summary>
/// A part of the pairs is turned, from the first, at the frequencies that they have in the whole head; the others are not. Source: transformers,
/// <c>modeling_rope_utils.py</c>, <c>_compute_proportional_rope_parameters</c>.
/// </summary>
/// <param name="Part">Which part of the pairs is turned, rounded down to whole ones.</param>
/// <param name="Factor">By what the frequencies are divided.</param>
public sealed record ProportionalScaling(double Part, double Factor = 1) : RotaryScaling
{
    internal override float[] Scale(float[] frequencies, double theta)
    {
        var turned = (int)Math.Floor(Part * (2 * frequencies.Length) / 2);
        return [.. frequencies.Select((frequency, pair) => pair < turned ? frequency / (float)Factor : 0)];
    }
}
