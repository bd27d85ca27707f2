using static TorchSharp.torch;

namespace Lanyard.Models.Layers;

/// <summary>
/// Rotary position embeddings: each pair of a head's elements turned by an angle that grows with the position.
/// Source: arXiv 2104.09864; transformers, <c>modeling_rope_utils.py</c>.
/// </summary>
/// <param name="width">How many elements of a head are turned, from the first: an even number.</param>
/// <param name="theta">The base: pair p turns by theta^(-2 p / width) for each position.</param>
/// <param name="scaling">How the frequencies are changed, or null.</param>
public sealed class RotaryEmbedding(int width, double theta, RotaryScaling? scaling = null)
{
    private readonly float[] _frequencies = scaling?.Scale(Frequencies(width, theta), theta) ?? Frequencies(width, theta);
    private readonly double _amplitude = scaling?.Amplitude ?? 1;

    /// <summary>Cosine and sine of position times frequency, each for both halves of a head.</summary>
    /// <param name="start">The first position.</param>
    /// <param name="count">How many.</param>
    /// <param name="device">Where they are made.</param>
    /// <returns>[count 1 width] each, float32.</returns>
    public (Tensor Cos, Tensor Sin) At(long start, long count, Device device)
    {
        using var places = Numbers.Range(start, start + count, dtype: ScalarType.Float32, device: device);
        return At(places);
    }

    /// <summary>The same of any positions.</summary>
    /// <param name="places">The positions, [count], float32.</param>
    /// <returns>[count 1 width] each, float32.</returns>
    internal (Tensor Cos, Tensor Sin) At(Tensor places)
    {
        using var scope = NewDisposeScope();
        var angles = places.unsqueeze(1) * tensor(_frequencies, device: places.device);
        var both = cat([angles, angles], 1).unsqueeze(1);
        return (Scaled(both.cos()), Scaled(both.sin()));

        Tensor Scaled(Tensor wave) => (_amplitude == 1 ? wave : wave.Times(_amplitude)).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// Turns the pairs of element i and i + width / 2; what is behind the width stays. Source: transformers, <c>modeling_qwen2.py</c>, <c>apply_rotary_pos_emb</c>.
    /// </summary>
    /// <param name="x">[batch sequence heads head_dim]</param>
    /// <param name="rotation">What <see cref="At(long, long, Device)"/> gives.</param>
    /// <returns>[batch sequence heads head_dim], of the type of <paramref name="x"/>.</returns>
    public static Tensor Turn(Tensor x, (Tensor Cos, Tensor Sin) rotation)
    {
        using var scope = NewDisposeScope();
        var width = rotation.Cos.shape[^1];
        if (width < x.shape[^1]) return cat([Turn(x.narrow(-1, 0, width), rotation), x.narrow(-1, width, x.shape[^1] - width)], -1).MoveToOuterDisposeScope();
        var halves = x.chunk(2, dim: -1);
        return (x * rotation.Cos.to(x.dtype)).Plus(cat([halves[1].neg(), halves[0]], -1) * rotation.Sin.to(x.dtype)).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// One frequency for each pair: theta^(-2 pair / width). In float32 and by torch's own power, as transformers computes it: far positions
    /// multiply every rounding.
    /// </summary>
    /// <returns>[pairs]</returns>
    internal static float[] Frequencies(int width, double theta)
    {
        using var scope = NewDisposeScope();
        var exponents = Numbers.Range(0, width, 2).to(ScalarType.Float32).Over(width);
        return tensor((float)theta).pow(exponents).reciprocal().data<float>().ToArray();
    }
}
