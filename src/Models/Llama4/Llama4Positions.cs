using static TorchSharp.torch;

namespace Lanyard.Models.Llama4;

/// <summary>
/// What attention needs to know of the positions of one forward pass, the same for all layers. The tensors belong to the
/// dispose scope in which they were made.
/// </summary>
/// <param name="Rotation">Complex numbers of length one, [sequence 1 pairs].</param>
/// <param name="ChunkMask">Which keys a query of a chunked layer sees, [sequence sequence]; null where all lie in one chunk.</param>
/// <param name="Temperature">What queries of layers without rotation are multiplied with, [sequence 1 1]; null where they are left alone.</param>
public sealed record Llama4Positions(Tensor Rotation, Tensor? ChunkMask, Tensor? Temperature)
{
    /// <summary>Makes the tensors for positions 0 to <paramref name="length"/> - 1.</summary>
    /// <param name="config">The model's configuration.</param>
    /// <param name="frequencies">One frequency for each pair of a head's elements.</param>
    /// <param name="length">The length of the sequences.</param>
    /// <param name="device">Where the tensors are made.</param>
    internal static Llama4Positions Create(Llama4Config config, float[] frequencies, long length, Device device) => new(
        RotationOf(frequencies, length, device),
        // Within one chunk is_causal says the same, without a tensor of the square of the length.
        config.AttentionChunkSize < length ? ChunkMaskOf(config.AttentionChunkSize.Value, length, device) : null,
        config.AttnTemperatureTuning ? TemperatureOf(config.FloorScale, config.AttnScale, length, device) : null);

    /// <summary>exp(i position frequency). Source: transformers, <c>modeling_llama4.py</c>, <c>Llama4TextRotaryEmbedding</c>.</summary>
    internal static Tensor RotationOf(float[] frequencies, long length, Device device)
    {
        using var scope = NewDisposeScope();
        var angles = Numbers.Range(0, length, dtype: ScalarType.Float32, device: device).unsqueeze(1) * tensor(frequencies, device: device);
        return polar(ones_like(angles), angles).unsqueeze(1).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// True where the key is not after the query and in the same chunk.
    /// Source: transformers, <c>masking_utils.py</c>, <c>chunked_causal_mask_function</c>, without padding.
    /// </summary>
    internal static Tensor ChunkMaskOf(int chunkSize, long length, Device device)
    {
        using var scope = NewDisposeScope();
        var keys = Numbers.Range(0, length, device: device);
        var chunks = keys.FloorOver(chunkSize);
        return keys.le(keys.unsqueeze(1)).logical_and(chunks.eq(chunks.unsqueeze(1))).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// ln(1 + floor((position + 1) / floor_scale)) attn_scale + 1. Source: transformers, <c>modeling_llama4.py</c>,
    /// <c>Llama4TextAttention</c>, after arXiv 2501.19399.
    /// </summary>
    internal static Tensor TemperatureOf(int floorScale, double attnScale, long length, Device device)
    {
        using var scope = NewDisposeScope();
        var steps = Numbers.Range(0, length, dtype: ScalarType.Float32, device: device).Plus(1).Over(floorScale).floor();
        return steps.log1p().Times(attnScale).Plus(1).view(length, 1, 1).MoveToOuterDisposeScope();
    }
}
