using Lanyard.Checkpoints;
using TorchSharp;
using static TorchSharp.torch;

namespace Lanyard.Loading.Benchmarks;

/// <summary>Decoding of quantised tensors by tensor operations, as one writes it without kernels.</summary>
internal static class EncodedPeers
{
    private static readonly float[] Fp4 = [0, .5f, 1, 1.5f, 2, 3, 4, 6, -0f, -.5f, -1, -1.5f, -2, -3, -4, -6];

    /// <summary>FP8 with a scale for each 128 x 128 block.</summary>
    public static Tensor Blocks(Tensor codes, Tensor scale, long rows, long columns) =>
        (codes.to(ScalarType.Float32).view(rows / 128, 128, columns / 128, 128) * scale.view(rows / 128, 1, columns / 128, 1)).view(rows, columns);

    /// <summary>FP4, two in a byte, with a scale for each block of a row.</summary>
    public static Tensor Pairs(Tensor codes, Tensor scale, int block)
    {
        var bytes = codes.flatten();
        var both = stack([bytes.bitwise_and(15), bytes.bitwise_right_shift(4)], -1).flatten().to(ScalarType.Int32);
        return torch.tensor(Fp4).index_select(0, both).view(-1, block) * scale.view(-1, 1);
    }

    /// <summary>Four bits of words of 32, from the lowest up, minus 8, with a scale for each block of a row.</summary>
    public static Tensor Words(Tensor codes, Tensor scale, int block)
    {
        var shifts = torch.arange(0, 32, 4, dtype: ScalarType.Int32);
        var numbers = codes.view(-1, 1).bitwise_right_shift(shifts).bitwise_and(15).view(-1, block);
        return (numbers.to(ScalarType.Float32) - torch.tensor(8f)) * scale.view(-1, 1).to(ScalarType.Float32);
    }

    /// <summary>GPTQ: four bits along the rows, zero points along the columns, a scale for each 128 rows.</summary>
    public static Tensor Gptq(Tensor codes, Tensor zeros, Tensor scales, Tensor index, long rows, long columns)
    {
        var shifts = torch.arange(0, 32, 4, dtype: ScalarType.Int32);
        var numbers = codes.view(rows / 8, 1, columns).bitwise_right_shift(shifts.view(1, 8, 1)).bitwise_and(15).view(rows, columns);
        var zero = zeros.view(-1, columns / 8, 1).bitwise_right_shift(shifts.view(1, 1, 8)).bitwise_and(15).view(-1, columns).add(torch.tensor(1)).bitwise_and(15);
        return (numbers - zero.index_select(0, index)).to(ScalarType.Float32) * scales.index_select(0, index).to(ScalarType.Float32);
    }

    /// <summary>A scale of an 8-bit type as float32.</summary>
    public static Tensor Wide(Tensor scale) => scale.dtype == CheckpointType.U8.ToScalarType() ? torch.pow(torch.tensor(2f), scale.to(ScalarType.Float32) - torch.tensor(127f)) : scale.to(ScalarType.Float32);
}
