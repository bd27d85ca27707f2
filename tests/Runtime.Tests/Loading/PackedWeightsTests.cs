using Lanyard.Tests.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace Lanyard.Tests.Loading;

/// <summary>Blocks in tensors of one, two and three axes, cut by ranks; and declarations that cannot be.</summary>
public sealed class PackedWeightsTests : IDisposable
{
    private readonly TensorFiles _files = new();

    public void Dispose() => _files.Dispose();

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 3)]
    [InlineData(4, 2)]
    public void Blocks_are_right_on_every_rank_though_shares_cut_them(int tensorSize, int expertSize)
    {
        Tensor Codes(params long[] shape) => torch.randint(0, 256, shape, dtype: ScalarType.Byte);
        Tensor Exponents(params long[] shape) => torch.randint(120, 134, shape, dtype: ScalarType.Byte);
        var checkpoint = _files.Stored(new Dictionary<string, Tensor>
        {
            ["matrix_blocks"] = Codes(6, 3, 16),
            ["matrix_scales"] = Exponents(6, 3),
            ["vector_blocks"] = Codes(3, 16),
            ["vector_scales"] = Exponents(3),
            ["stacked"] = torch.randint(-128, 128, [3, 6, 96], dtype: ScalarType.Int8),
            ["stacked_scale"] = torch.rand(3, 2, 24),
        });
        var matrix = ReferenceDecoder.Mxfp4(ReferenceDecoder.Bytes(checkpoint, "matrix_blocks"), ReferenceDecoder.Bytes(checkpoint, "matrix_scales"), 1, 6, 3);
        var vector = ReferenceDecoder.Mxfp4(ReferenceDecoder.Bytes(checkpoint, "vector_blocks"), ReferenceDecoder.Bytes(checkpoint, "vector_scales"), 1, 1, 3);
        var stacked = ReferenceDecoder.Bytes(checkpoint, "stacked");
        var scales = checkpoint.View(checkpoint.Tensors["stacked_scale"]).data<float>().ToArray();

        for (var rank = 0; rank < tensorSize * expertSize; rank++)
        {
            var (t, e, part) = (rank % tensorSize, rank / tensorSize, 96 / tensorSize);
            using var model = new PackedWeights(new Topology(t, tensorSize, e, expertSize));
            LoadPlan.Create(model, checkpoint).Execute();
            var first = expertSize == 2 ? 2 * e : e;
            Bits.Are(model.Matrix, i => matrix[0, i[0], (t * part) + i[1]]);
            Bits.Are(model.Vector, i => vector[0, 0, (t * part) + i[0]]);
            Bits.Are(model.Stacked, i =>
            {
                var (expert, row, column) = (first + i[0], i[2], (t * part) + i[1]);
                return (sbyte)stacked[(((expert * 6) + row) * 96) + column] * scales[(((expert * 2) + (row / 4)) * 24) + (column / 4)];
            });
        }
    }

    [Fact]
    public void A_last_axis_that_is_no_number_of_blocks_is_refused()
    {
        using var model = new GptOssExperts(2, 32, 33);
        Assert.Contains("(w13_weight) cannot be laid out: gate_up_proj_blocks: [2, 64, 33] cannot be stored as MXFP4", Assert.Throws<InvalidOperationException>(() => model.BeginRefit()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Scales_with_other_holes_are_refused()
    {
        using var model = new UnmatchedScales();
        Assert.Contains("{layers}.{experts}.scale must have the holes of {experts}.{layers}.weight, in the same order", Assert.Throws<InvalidOperationException>(() => model.BeginRefit()).Message, StringComparison.Ordinal);
    }
}
