using Lanyard.Models.Layers;
using static TorchSharp.torch;

namespace Lanyard.Models.Llama4;

/// <summary>What Llama 4's attention needs to know of the positions of a pass, made once for all layers. The tensors belong to the positions.</summary>
internal static class Llama4Positions
{
    /// <summary>exp(i position frequency), complex numbers of length one, [count 1 pairs]. Source: transformers, <c>modeling_llama4.py</c>, <c>Llama4TextRotaryEmbedding</c>.</summary>
    /// <param name="positions">Where the tokens stand.</param>
    /// <param name="frequencies">One frequency for each pair of a head's elements.</param>
    public static Tensor Rotation(Positions positions, float[] frequencies) => positions.Made(frequencies, () =>
    {
        using var scope = NewDisposeScope();
        var angles = Numbers.Range(positions.Start, positions.Total, dtype: ScalarType.Float32, device: positions.Device).unsqueeze(1) * tensor(frequencies, device: positions.Device);
        return [polar(ones_like(angles), angles).unsqueeze(1).MoveToOuterDisposeScope()];
    })[0];

    /// <summary>
    /// True where the key is not after the query and in the same chunk, [count total]; null where that is what attention knows without a mask.
    /// Source: transformers, <c>masking_utils.py</c>, <c>chunked_causal_mask_function</c>, without padding.
    /// </summary>
    /// <param name="positions">Where the tokens stand.</param>
    /// <param name="chunkSize">How many positions a chunk has; null where there are no chunks.</param>
    public static Tensor? Mask(Positions positions, int? chunkSize)
    {
        // Within one chunk it is the mask of all layers, without a tensor of the square of the length.
        if (chunkSize is not { } size || size >= positions.Total) return positions.Mask();
        return positions.Made(("chunks", size), () =>
        {
            using var scope = NewDisposeScope();
            var keys = Numbers.Range(0, positions.Total, device: positions.Device);
            var queries = Numbers.Range(positions.Start, positions.Total, device: positions.Device).unsqueeze(1);
            return [keys.le(queries).logical_and(keys.FloorOver(size).eq(queries.FloorOver(size))).MoveToOuterDisposeScope()];
        })[0];
    }

    /// <summary>
    /// ln(1 + floor((position + 1) / floor_scale)) attn_scale + 1, what queries of layers without rotation are multiplied with, [count 1 1]. Source: transformers,
    /// <c>modeling_llama4.py</c>, <c>Llama4TextAttention</c>, after arXiv 2501.19399.
    /// </summary>
    /// <param name="positions">Where the tokens stand.</param>
    /// <param name="floorScale">How many positions make a step.</param>
    /// <param name="attnScale">How much a step counts.</param>
    public static Tensor Temperature(Positions positions, int floorScale, double attnScale) => positions.Made(("temperature", floorScale, attnScale), () =>
    {
        using var scope = NewDisposeScope();
        var steps = Numbers.Range(positions.Start, positions.Total, dtype: ScalarType.Float32, device: positions.Device).Plus(1).Over(floorScale).floor();
        return [steps.log1p().Times(attnScale).Plus(1).view(positions.Count, 1, 1).MoveToOuterDisposeScope()];
    })[0];
}
