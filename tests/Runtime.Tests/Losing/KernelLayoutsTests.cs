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
}
