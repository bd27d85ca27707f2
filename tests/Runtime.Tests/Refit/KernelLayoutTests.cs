using Lanyard.Tests.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace Lanyard.Tests.Refit;

/// <summary>A kernel layout that is declared: loads and patches go straight into it.</summary>
public sealed class KernelLayoutTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Ten_refits_give_the_same_bits_at_the_same_address_and_the_padding_stays_zero(int ranks)
    {
        using var scope = NewDisposeScope();
        for (var rank = 0; rank < ranks; rank++)
        {
            using var module = new TinyProjection(20, 5, new Topology(rank, ranks)).InitialisedByHand();
            var weight = torch.randn(20, 5);
            var held = 20 / ranks;
            var padded = (held + 7) / 8 * 8;
            var address = TensorAddress.Of(module.Weight);
            for (var i = 0; i < 10; i++)
            {
                using var refit = module.BeginRefit(i % 2 == 0 ? RefitMode.InPlace : RefitMode.Staged);
                refit.Write("weight", weight);
                Assert.Empty(refit.Commit().PostLoads);
                Assert.Equal([5L, padded], module.Weight.shape);
                Assert.True(module.Weight[.., ..held].Equals(weight[(rank * held)..((rank + 1) * held)].t()));
                Assert.Equal(0, module.Weight[.., held..].abs().sum().ToDouble());
            }
            Assert.Equal(address, TensorAddress.Of(module.Weight));
            Assert.Equal((ParameterLayout.Kernel, null), (module.Parameters.Weight.Layout, module.Parameters.Weight.MadeBy));

            using (var refit = module.BeginRefit())
            {
                refit.Patch("weight", torch.tensor(new long[] { 99, 0, 7 }), torch.tensor(new[] { -1f, -2f, -3f }));
                refit.Commit();
            }
            var patched = weight.clone();
            patched[19, 4] = -1f;
            patched[0, 0] = -2f;
            patched[1, 2] = -3f;
            Assert.True(module.Weight[.., ..held].Equals(patched[(rank * held)..((rank + 1) * held)].t()));
            Assert.Equal(0, module.Weight[.., held..].abs().sum().ToDouble());
            Assert.Equal(address, TensorAddress.Of(module.Weight));
        }
    }

    [Theory]
    [InlineData(RefitMode.Staged)]
    [InlineData(RefitMode.InPlace)]
    public void Post_load_may_make_another_type_of_a_declared_kernel_layout(RefitMode mode)
    {
        using var scope = NewDisposeScope();
        using var model = new QuantisedRows();
        for (var step = 0; step < 3; step++)
        {
            var weight = torch.arange(15, ScalarType.Float32).view(3, 5) + step;
            using (var refit = model.BeginRefit(mode))
            {
                refit.Write("weight", weight);
                refit.Commit();
            }
            Assert.True(model.Weight.Equals(nn.functional.pad(weight * 2, [0, 3]).to_type(ScalarType.Int8)));
            var held = model.Checksums();
            held.Compare(WeightChecksums.Of([("weight", weight)], held)).ThrowUnlessProven();
        }
    }
}
