using static TorchSharp.torch;

namespace Lanyard.Models.DeepseekV4;

/// <summary>Rotation of the last elements of a head, neighbours together. Source: transformers, <c>modeling_deepseek_v4.py</c>, <c>apply_rotary_pos_emb</c>.</summary>
internal static class TrailingRotary
{
    /// <summary>Turns as many of the last elements as the rotation has; what is before them stays.</summary>
    /// <param name="x">[batch sequence heads head_dim]</param>
    /// <param name="rotation">Cosines and sines, [sequence 1 width] each, one of each pair in the first half of the width.</param>
    /// <param name="back">Whether it is turned back.</param>
    /// <returns>[batch sequence heads head_dim], of the type of <paramref name="x"/>.</returns>
    public static Tensor Turn(Tensor x, (Tensor Cos, Tensor Sin) rotation, bool back = false)
    {
        using var scope = NewDisposeScope();
        var width = rotation.Cos.shape[^1];
        var kept = x.shape[^1] - width;
        var (cos, sin) = (OfPairs(rotation.Cos), OfPairs(back ? rotation.Sin.neg() : rotation.Sin));
        var pairs = x.narrow(-1, kept, width).to(ScalarType.Float32).unflatten(3, [width / 2, 2]);
        var (first, second) = (pairs.select(-1, 0), pairs.select(-1, 1));
        var turned = stack([(first * cos).Plus((second * sin).neg()), (second * cos).Plus(first * sin)], -1).flatten(3).to(x.dtype);
        return (kept == 0 ? turned : cat([x.narrow(-1, 0, kept), turned], -1)).MoveToOuterDisposeScope();

        // Rounded to the type of the stream first, as in transformers.
        Tensor OfPairs(Tensor wave) => wave.narrow(-1, 0, width / 2).to(x.dtype).to(ScalarType.Float32);
    }
}
