using static TorchSharp.torch;

namespace Lanyard.Models.Layers;

/// <summary>
/// Rotary position embeddings: each pair of a head's elements turned by an angle that grows with the position.
/// Source: arXiv 2104.09864; transformers, <c>modeling_rope_utils.py</c>.
/// </summary>
internal static class Rotation
{
    /// <summary>
    /// One frequency for each pair: theta^(-2 pair / head_dim). In float32 and by torch's own power, as transformers computes it: far positions
    /// multiply every rounding.
    /// </summary>
    /// <param name="headDim">The width of a head, an even number.</param>
    /// <param name="theta">The base.</param>
    /// <returns>[pairs]</returns>
    public static float[] Frequencies(int headDim, double theta)
    {
        using var scope = NewDisposeScope();
        var exponents = Numbers.Range(0, headDim, 2).to(ScalarType.Float32).Over(headDim);
        return tensor((float)theta).pow(exponents).reciprocal().data<float>().ToArray();
    }

    /// <summary>Cosine and sine of position times frequency, each for both halves of a head.</summary>
    /// <param name="frequencies">[pairs]</param>
    /// <param name="length">Positions 0 to this, without it.</param>
    /// <param name="device">Where they are made.</param>
    /// <returns>[sequence 1 head_dim] each, float32.</returns>
    public static (Tensor Cos, Tensor Sin) Halves(float[] frequencies, long length, Device device)
    {
        using var scope = NewDisposeScope();
        var angles = Numbers.Range(0, length, dtype: ScalarType.Float32, device: device).unsqueeze(1) * tensor(frequencies, device: device);
        var both = cat([angles, angles], 1).unsqueeze(1);
        return (both.cos().MoveToOuterDisposeScope(), both.sin().MoveToOuterDisposeScope());
    }

    /// <summary>
    /// Turns the pairs of element i and i + head_dim / 2. Source: transformers, <c>modeling_qwen2.py</c>, <c>apply_rotary_pos_emb</c>.
    /// </summary>
    /// <param name="x">[batch sequence heads head_dim]</param>
    /// <param name="cos">[sequence 1 head_dim]</param>
    /// <param name="sin">[sequence 1 head_dim]</param>
    /// <returns>[batch sequence heads head_dim], of the type of <paramref name="x"/>.</returns>
    public static Tensor OfHalves(Tensor x, Tensor cos, Tensor sin)
    {
        using var scope = NewDisposeScope();
        var halves = x.chunk(2, dim: -1);
        return (x * cos.to(x.dtype)).Plus(cat([halves[1].neg(), halves[0]], -1) * sin.to(x.dtype)).MoveToOuterDisposeScope();
    }
}
