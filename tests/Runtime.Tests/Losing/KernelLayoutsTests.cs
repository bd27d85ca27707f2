using Lanyard.Tests.Models;
using static TorchSharp.torch;

namespace Lanyard.Tests.Losing;

/// <summary>One answer for a whole tree: whether post-load methods make what kernels want.</summary>
public sealed class KernelLayoutsTests
{
    [Theory]
    [InlineData(null, 4)]
    [InlineData(true, 4)]
    [InlineData(false, 2)]
    public void The_tree_has_what_kernels_want_unless_it_is_told_otherwise(bool? said, int parameters)
    {
        using var model = new KernelPart(below: new KernelPart()).OnRank(kernelLayouts: said);
        using var weight = arange(6, ScalarType.Float32).view(2, 3);
        for (var round = 1; round <= 3; round++)
        {
            using var now = weight * round;
            using var refit = model.BeginRefit(round == 3 ? RefitMode.InPlace : RefitMode.Staged);
            refit.Write("weight", now);
            refit.Write("below.weight", now);
            refit.Commit();
            Assert.Equal(parameters, model.parameters().Count());
            using var output = model.call(ones(1, 3));
            Assert.Equal([3f * round, 12f * round], output.data<float>().ToArray());
        }
    }

    [Fact]
    public void Two_answers_in_one_tree_are_refused_with_both_modules()
    {
        var part = new KernelPart().OnRank(kernelLayouts: true);
        var error = Assert.Throws<ModelStateException>(() => new KernelPart(below: part).OnRank(kernelLayouts: false));
        Assert.Contains("KernelPart has no kernel layouts and KernelPart \"below\" has kernel layouts", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_was_refused_was_never_said()
    {
        var model = new TreePart();
        Assert.Throws<ArgumentException>(() => model.OnRank(new Topology(0, 3), kernelLayouts: false));
        Assert.True(model.OnRank().Parameters.HasKernelLayouts);
        model.Dispose();
    }

    [Fact]
    public void Who_asked_in_a_constructor_was_told_something_that_is_not_so()
    {
        var model = new KernelPart(asksEarly: true);
        Assert.True(model.WasTold);
        Assert.Contains("not in the constructor", Assert.Throws<ModelStateException>(() => model.OnRank(kernelLayouts: false)).Message, StringComparison.Ordinal);
        using var other = new KernelPart(asksEarly: true).OnRank();
        Assert.True(other.Parameters.HasKernelLayouts);
    }

    [Theory]
    [InlineData(true, "in pad(out, 8)", ParameterLayout.Kernel, 4, 8)]
    [InlineData(false, "out in", ParameterLayout.Model, 3, 4)]
    public void A_declared_kernel_layout_is_one_of_them(bool said, string storage, ParameterLayout layout, int rows, int columns)
    {
        using var scope = NewDisposeScope();
        using var model = new TinyProjection(3, 4).OnRank(kernelLayouts: said);
        var weight = arange(12, ScalarType.Float32).view(3, 4);
        foreach (var mode in new[] { RefitMode.InPlace, RefitMode.Staged })
        {
            using var refit = model.BeginRefit(mode);
            refit.Write("weight", weight);
            refit.Commit();
        }
        using (var refit = model.BeginRefit(RefitMode.InPlace, RefitScope.Subset))
        {
            refit.Patch("weight", tensor(new[] { 6L }), tensor(new[] { 60f }));
            refit.Commit();
        }
        weight[1, 2] = 60f;
        var bound = model.Parameters.Weight;
        Assert.Equal((storage, layout), (bound.Storage, bound.Layout));
        Assert.Equal([rows, columns], bound.Value.shape);
        Assert.Equal([rows, columns], bound.ModelShape.AsEnumerable());
        var held = said ? bound.Value.narrow(1, 0, 3).t() : bound.Value;
        Assert.True(held.Equals(weight));
        Assert.Equal(said, model.Describe().Contains("kept as", StringComparison.Ordinal));
    }

    [Fact]
    public void A_value_of_a_constructor_for_a_kernel_layout_asks_too()
    {
        var model = new GivenProjection();
        Assert.Contains("a Kernel layout", Assert.Throws<ModelStateException>(() => model.OnRank(kernelLayouts: false)).Message, StringComparison.Ordinal);
        model.Dispose();
    }
}
