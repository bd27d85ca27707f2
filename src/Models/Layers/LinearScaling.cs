namespace Lanyard.Models.Layers;

/// <summary>All positions are nearer to each other. Source: transformers, <c>modeling_rope_utils.py</c>, <c>_compute_linear_scaling_rope_parameters</c>.</summary>
/// <param name="Factor">By how much.</param>
public sealed record LinearScaling(double Factor) : RotaryScaling
{
    internal override float[] Scale(float[] frequencies, double theta) => Array.ConvertAll(frequencies, frequency => frequency / (float)Factor);
}
