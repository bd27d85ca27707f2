using static TorchSharp.torch;

namespace Lanyard.Models.Layers;

/// <summary>
/// Rotary position embeddings: each pair of a head's elements turned by an angle that grows with the position.
/// Source: arXiv 2104.09864; transformers, <c>modeling_rope_utils.py</c>.
/// </summary>
/// <param name="headDim">The width of a head, an even number.</param>
/// <param name="theta">The base: pair p turns by theta^(-2 p / head_dim) for each position.</param>
public sealed class RotaryEmbedding(int headDim, double theta)
{
    private readonly float[] _frequencies = Frequencies(headDim, theta);

    /// <summary>Cosine and sine of position times frequency, each for both halves of a head.</summary>
    /// <param name="length">Positions 0 to this, without it.</param>
    /// <param name="device">Where they are made.</param>
    /// <returns>[sequence 1 head_dim] each, float32.</returns>
    public (Tensor Cos, Tensor Sin) At(long length, Device device)
    {
        using var scope = NewDisposeScope();
        var angles = Numbers.Range(0, length, dtype: ScalarType.Float32, device: device).unsqueeze(1) * tensor(_frequencies, device: device);
        var both = cat([angles, angles], 1).unsqueeze(1);
        return (both.cos().MoveToOuterDisposeScope(), both.sin().MoveToOuterDisposeScope());
    }

    /// <summary>
    /// Turns the pairs of element i and i + head_dim / 2. Source: transformers, <c>modeling_qwen2.py</c>, <c>apply_rotary_pos_emb</c>.
    /// </summary>
    /// <param name="x">[batch sequence heads head_dim]</param>
    /// <param name="rotation">What <see cref="At"/> gives.</param>
    /// <returns>[batch sequence heads head_dim], of the type of <paramref name="x"/>.</returns>
    public static Tensor Turn(Tensor x, (Tensor Cos, Tensor Sin) rotation)
    {
        using var scope = NewDisposeScope();
        var halves = x.chunk(2, dim: -1);
        return (x * rotation.Cos.to(x.dtype)).Plus(cat([halves[1].neg(), halves[0]], -1) * rotation.Sin.to(x.dtype)).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// One frequency for each pair: theta^(-2 pair / head_dim). In float32 and by torch's own power, as transformers computes it: far positions
    /// multiply every rounding.
    /// </summary>
    /// <returns>[pairs]</returns>
    internal static float[] Frequencies(int headDim, double theta)
    {
        using var scope = NewDisposeScope();
        var exponents = Numbers.Range(0, headDim, 2).to(ScalarType.Float32).Over(headDim);
        return tensor((float)theta).pow(exponents).reciprocal().data<float>().ToArray();
    }
}
