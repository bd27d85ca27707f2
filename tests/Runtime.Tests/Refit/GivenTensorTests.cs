using Lanyard.Tests.Models;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Tests.Refit;

/// <summary>Tensors as callers hand them over.</summary>
public sealed class GivenTensorTests : IDisposable
{
    private readonly TensorFiles _files = new();

    public static TheoryData<RefitMode, bool> Sessions => new() { { RefitMode.Staged, false }, { RefitMode.Staged, true }, { RefitMode.InPlace, false }, { RefitMode.InPlace, true } };

    public void Dispose() => _files.Dispose();

    [Theory]
    [MemberData(nameof(Sessions))]
    public void A_tensor_in_the_memory_of_the_parameter_is_read_before_it_is_written(RefitMode mode, bool together)
    {
        using var model = new FormatsLinear(3, 2);
        _files.Load(model, new Dictionary<string, Tensor> { ["weight"] = torch.arange(6, ScalarType.Float32).view(3, 2) });

        // The same six elements, taken for the transposed weight.
        using var alias = model.Weight.detach().view(2, 3);
        var expected = alias.clone().t().contiguous();
        using var refit = model.BeginRefit(mode, options: new LoadOptions { Format = "plain-transposed" });
        if (together) refit.Write(new Dictionary<string, Tensor> { ["weight"] = alias });
        else refit.Write("weight", alias);
        refit.Commit();
        Assert.Equal(Bits.Of(expected), Bits.Of(model.Weight));
    }

    [Theory]
    [InlineData(RefitMode.InPlace)]
    [InlineData(RefitMode.Staged)]
    public void Padding_that_a_constructor_brought_is_zero_after_a_load(RefitMode mode)
    {
        using var model = new PaddedRows(new Parameter(torch.ones(4, 8), requires_grad: false));
        var weight = torch.randn(3, 5);
        LoadPlan.Create(model, _files.Stored(new Dictionary<string, Tensor> { ["weight"] = weight })).Execute(mode: mode);
        Assert.Equal(Bits.Of(functional.pad(weight, [0, 3, 0, 1])), Bits.Of(model.Weight));

        // Once: what comes later is no first load.
        using var refit = model.BeginRefit(RefitMode.InPlace, RefitScope.Subset);
        refit.Write("1.weight", weight[2]);
        refit.Commit();
        Assert.Equal(Bits.Of(functional.pad(weight[torch.tensor(new long[] { 0, 2, 2 })], [0, 3, 0, 1])), Bits.Of(model.Weight));
    }

    [Theory]
    [InlineData(RefitMode.InPlace)]
    [InlineData(RefitMode.Staged)]
    public void Padding_that_a_constructor_brought_is_zero_where_the_rank_holds_nothing_else(RefitMode mode)
    {
        using var model = new PaddedRows(new Parameter(torch.ones(1, 8), requires_grad: false), new Topology(3, 4));
        LoadPlan.Create(model, _files.Stored(new Dictionary<string, Tensor> { ["weight"] = torch.ones(3, 5) })).Execute(mode: mode);
        Assert.Equal(Bits.Of(torch.zeros(1, 8)), Bits.Of(model.Weight));
    }

    [Theory]
    [InlineData(ScalarType.ComplexFloat32, false)]
    [InlineData(ScalarType.ComplexFloat64, false)]
    [InlineData(ScalarType.ComplexFloat32, true)]
    [InlineData(ScalarType.ComplexFloat64, true)]
    public void A_view_that_conjugates_is_written_as_it_reads(ScalarType type, bool together)
    {
        using var scope = NewDisposeScope();
        var (real, imaginary) = (torch.randn(6, 2), torch.randn(6, 2));
        using PartedLinear model = new(type), expected = new(type);
        Write(model, torch.complex(real, imaginary).to_type(type).conj());
        Write(expected, torch.complex(real, -imaginary).to_type(type));
        Assert.True(torch.view_as_real(model.Weight).Equals(torch.view_as_real(expected.Weight)));

        void Write(PartedLinear written, Tensor value)
        {
            using var refit = written.BeginRefit();
            if (together) refit.Write(new Dictionary<string, Tensor> { ["weight"] = value });
            else refit.Write("weight", value);
            refit.Commit();
        }
    }

    [Fact]
    public void What_has_no_dense_values_is_refused_by_name()
    {
        using var model = new FormatsLinear(3, 2);
        _files.Load(model, new Dictionary<string, Tensor> { ["weight"] = torch.zeros(3, 2) });
        using (var refit = model.BeginRefit(scope: RefitScope.Subset))
        {
            foreach (var tensor in new[] { torch.zeros([3, 2], device: META), torch.eye(3)[.., ..2].to_sparse() })
            {
                Assert.StartsWith("weight is ", Assert.Throws<ArgumentException>(() => refit.Write("weight", tensor)).Message, StringComparison.Ordinal);
                Assert.StartsWith("weight is ", Assert.Throws<ArgumentException>(() => refit.WriteSlice("weight", tensor)).Message, StringComparison.Ordinal);
            }
            Assert.Throws<ArgumentNullException>(() => refit.Write("weight", null!));
            Assert.Throws<ArgumentNullException>(() => refit.Write("weight", null!, [0, 0]));
            Assert.Throws<ArgumentNullException>(() => refit.Write(null!, torch.zeros(3, 2)));
            Assert.Throws<ArgumentNullException>(() => refit.Patch("weight", null!, torch.zeros(1)));
            Assert.Equal(0, refit.Commit().Slots);
        }
        using (var refit = model.BeginRefit(scope: RefitScope.Subset))
        {
            Assert.Throws<ArgumentException>(() => refit.Write(new Dictionary<string, Tensor> { ["weight"] = torch.zeros([3, 2], device: META) }));
            Assert.Throws<ModelStateException>(() => refit.Commit());
        }
    }
}
