using Lanyard.Tests.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace Lanyard.Tests.Export;

/// <summary>Every element of every tensor is written once, from whichever parameter has it, whatever post-load made of it.</summary>
public sealed class ExportCoverageTests : IDisposable
{
    private readonly ExportScene _scene = new();
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose()
    {
        _scope.Dispose();
        _scene.Dispose();
    }

    [Theory]
    [InlineData(true, "embed.weight")]
    [InlineData(false, "embed.weight")]
    [InlineData(false, "head.weight")]
    public void Parts_of_a_tensor_come_together_tied_ones_are_written_once_and_absent_ones_not(bool bias, string tied)
    {
        using var model = new LatentLayer(bias);
        var weights = Latent(bias);
        var brought = weights.ToDictionary(pair => pair.Key == "embed.weight" ? tied : pair.Key, pair => pair.Value);
        _scene.Tiny.Load(brought, model);

        Assert.Empty(model.Export(_scene.At("out")).Lossy);

        Assert.Equal(ExportScene.Stored(weights), ExportScene.Stored(_scene.At("out")));
    }

    [Fact]
    public void Everything_that_is_in_the_way_is_listed_before_anything_is_written()
    {
        using var model = new StuckLayer();
        _scene.Tiny.Load(new Dictionary<string, Tensor> { ["weight"] = torch.randn(2, 3), ["bias"] = torch.randn(3), ["half"] = torch.randn(3, 6) }, model);

        var error = Assert.Throws<ExportException>(() => model.Export(_scene.At("out")));

        Assert.Equal(
            [(ExportProblemKind.NoUndo, "bias"), (ExportProblemKind.NoUndo, "weight"), (ExportProblemKind.Uncovered, "half")],
            error.Problems.Select(problem => (problem.Kind, problem.Name)).Order());
        Assert.Contains("12 of 18 elements belong to no parameter", error.Message, StringComparison.Ordinal);
        Assert.Contains("what Pad made of it", error.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_scene.At("out")));
        _scene.Tiny.Refit(_scene.Tiny.Second);
    }

    [Fact]
    public void Elements_that_belong_to_two_parameters_are_written_once_if_they_agree_and_refused_if_not()
    {
        using var model = new SharedLayer();
        _scene.Tiny.Load(new Dictionary<string, Tensor> { ["weight"] = torch.randn(3, 4) }, model);
        model.Export(_scene.At("agreeing"));
        Assert.Equal(["weight"], ExportScene.Stored(_scene.At("agreeing")).Keys);

        model.AllParameters().First().Parameter.Value.bytes[0] ^= 1;
        var problem = Assert.Single(Assert.Throws<ExportException>(() => model.Export(_scene.At("out"))).Problems);
        Assert.Equal((ExportProblemKind.Overlap, "weight"), (problem.Kind, problem.Name));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Post_loads_are_undone_last_first_and_only_those_that_made_something(bool negates)
    {
        using var model = new StackedLayer(negates);
        var weights = new Dictionary<string, Tensor> { ["weight"] = torch.randn(3, 4) };
        _scene.Tiny.Load(weights, model);
        var bits = _scene.Tiny.Bits(model);

        for (var times = 0; times < 2; times++)
        {
            model.Undone.Clear();
            model.Export(_scene.At("out"));

            Assert.Equal(negates ? ["scale", "make", "transpose", "negate"] : ["scale", "make", "transpose"], model.Undone);
            Assert.Equal(ExportScene.Stored(weights), ExportScene.Stored(_scene.At("out")));
            Assert.Equal(bits, _scene.Tiny.Bits(model));
            Assert.Equal((ParameterLayout.Kernel, "BTranspose"), (model.Parameters[0].Layout, model.Parameters[0].MadeBy));
            using var refit = model.BeginRefit();
            refit.Write("weight", weights["weight"]);
            refit.Commit();
        }
    }

    [Theory]
    [InlineData(true, "was loaded as Float32, but the undo of its post-load made Float64")]
    [InlineData(false, "is still what BTranspose made")]
    public void An_undo_that_does_not_give_back_what_was_loaded_is_refused(bool wrongType, string message)
    {
        using var model = new StackedLayer(negates: false) { WrongType = wrongType, Forgets = !wrongType };
        _scene.Tiny.Load(new Dictionary<string, Tensor> { ["weight"] = torch.randn(3, 4) }, model);
        var (bits, weight) = (_scene.Tiny.Bits(model), model.Parameters[0]);
        var value = weight.Value;

        var problem = Assert.Single(Assert.Throws<ExportException>(() => model.Export(_scene.At("out"))).Problems, problem => problem.Name == "weight");
        Assert.Equal(ExportProblemKind.WrongUndo, problem.Kind);
        Assert.Contains(message, problem.Detail, StringComparison.Ordinal);

        Assert.Empty(Directory.GetFileSystemEntries(_scene.At("out")));
        Assert.Same(value, weight.Value);
        Assert.Equal(bits, _scene.Tiny.Bits(model));
        Assert.Equal((ScalarType.Float32, ParameterLayout.Kernel, "BTranspose"), (weight.ModelType, weight.Layout, weight.MadeBy));
    }

    internal static Dictionary<string, Tensor> Latent(bool bias)
    {
        var weights = new Dictionary<string, Tensor> { ["kv_b_proj.weight"] = torch.randn(20, 5), ["embed.weight"] = torch.randn(5, 3) };
        if (bias) weights["bias"] = torch.randn(5);
        return weights;
    }
}
