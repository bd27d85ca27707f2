using Lanyard.Checkpoints;
using Lanyard.Layouts;
using Lanyard.Tests.Checkpoints;
using Lanyard.Tests.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace Lanyard.Tests.Encodings;

/// <summary>Codes that stay as they are, as parameters, with their scales beside them.</summary>
public sealed class KeptCodesTests : IDisposable
{
    private readonly TensorFiles _files = new();

    public void Dispose() => _files.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public void Each_rank_holds_its_codes_and_an_export_and_a_refit_have_the_same_bits(int ranks)
    {
        var tensors = Tensors(64);
        for (var rank = 0; rank < ranks; rank++)
        {
            using var model = new KeptCodes(new Topology(rank, ranks), 64);
            _files.Load(model, tensors);
            Assert.Equal(Bits.Of(tensors["weight_packed"].narrow(1, rank * 32 / ranks, 32 / ranks)), Bits.Of(model.Codes));
            Assert.Equal(Bits.Of(tensors["weight_scale"].narrow(1, rank * 4 / ranks, 4 / ranks)), Bits.Of(model.Scales));
            Assert.Equal([0.25f, 0.25f], model.Global.data<float>().ToArray());
            using (var refit = model.BeginRefit())
            {
                refit.Write(_files.Stored(tensors));
                refit.Commit();
            }
            Assert.Equal(Bits.Of(tensors["weight_packed"].narrow(1, rank * 32 / ranks, 32 / ranks)), Bits.Of(model.Codes));
            if (ranks > 1) continue;
            using var folder = new TemporaryFolder();
            var report = model.Export(folder.Path);
            Assert.Empty(report.Lossy);
            using var written = Checkpoint.Open(folder.Path);
            foreach (var (name, tensor) in tensors)
            {
                using var view = written.View(written.Tensors[name]);
                Assert.Equal(Bits.Of(tensor), Bits.Of(view));
                Assert.Equal(tensor.dtype, view.dtype);
            }
        }
    }

    [Fact]
    public void A_rank_that_would_cut_a_block_of_kept_scales_is_refused()
    {
        // 24 of 48 columns are a block and a half.
        var error = Assert.Throws<LayoutException>(void () => new KeptCodes(new Topology(1, 2), 48).Dispose());
        Assert.Contains("whole blocks of 16 in blocks(in, 16)", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Unequal_values_of_one_stored_scalar_are_not_exported()
    {
        using var model = new KeptCodes(null, 64);
        _files.Load(model, Tensors(64));
        model.Global.bytes[0] ^= 1;
        using var folder = new TemporaryFolder();
        var error = Assert.Throws<ExportException>(void () => model.Export(folder.Path));
        Assert.Contains("weight_global_scale", error.Message, StringComparison.Ordinal);
    }

    private static Dictionary<string, Tensor> Tensors(int columns) => new()
    {
        ["weight_packed"] = torch.randint(0, 256, [6, columns / 2], ScalarType.Byte),
        ["weight_scale"] = torch.randn(6, columns / 16).to_type(ScalarType.BFloat16),
        ["weight_global_scale"] = torch.tensor(0.25f),
    };
}
