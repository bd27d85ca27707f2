using Lanyard.Checkpoints;
using static TorchSharp.torch;

namespace Lanyard.Loading.Benchmarks;

/// <summary>Decoding of blocks by tensor operations, as one writes it without kernels.</summary>
internal static class BlockPeers
{
    /// <summary>From blocks as rows of bytes or of what else one sees in them, to the values in float32; null where it is not written.</summary>
    public static Func<Func<ScalarType, Tensor>, Tensor>? Of(CheckpointType type) => type switch
    {
        CheckpointType.Q8_0 => blocks => Half(blocks, 0) * blocks(ScalarType.Int8).narrow(1, 2, 32),
        CheckpointType.Q4_K => Q4_K,
        _ => null,
    };

    private static Tensor Q4_K(Func<ScalarType, Tensor> blocks)
    {
        var bytes = blocks(ScalarType.Byte);
        Tensor low = bytes.narrow(1, 4, 4), middle = bytes.narrow(1, 8, 4), high = bytes.narrow(1, 12, 4);
        var scale = cat([low.bitwise_and(63), high.bitwise_and(15).bitwise_or(low.bitwise_right_shift(6).bitwise_left_shift(4))], 1);
        var minimum = cat([middle.bitwise_and(63), high.bitwise_right_shift(4).bitwise_or(middle.bitwise_right_shift(6).bitwise_left_shift(4))], 1);
        var codes = bytes.narrow(1, 16, 128).contiguous().view(-1, 4, 1, 32);
        var values = cat([codes.bitwise_and(15), codes.bitwise_right_shift(4)], 2).view(-1, 8, 32);
        return ((Half(blocks, 0) * scale).unsqueeze(-1) * values) - (Half(blocks, 1) * minimum).unsqueeze(-1);
    }

    private static Tensor Half(Func<ScalarType, Tensor> blocks, long at) => blocks(ScalarType.Float16).narrow(1, at, 1).to(ScalarType.Float32);
}
