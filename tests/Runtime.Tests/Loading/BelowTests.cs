using Lanyard.Checkpoints;
using Lanyard.Tests.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace Lanyard.Tests.Loading;

/// <summary>A part of a tree that is filled from the checkpoint of the whole.</summary>
public sealed class BelowTests : IDisposable
{
    private readonly TinyScene _scene = new();
    private readonly Checkpoint _checkpoint;
    private readonly DisposeScope _scope = NewDisposeScope();

    public BelowTests()
    {
        // Layers 1 and 10, and names that begin with that of layer 1 without being below it.
        var tensors = new Dictionary<string, Tensor>();
        foreach (var (name, value) in _scene.First)
        {
            tensors.Add(name.Replace("layers.0.", "model.layers.1.", StringComparison.Ordinal), value);
            if (name.StartsWith("layers.0.", StringComparison.Ordinal)) tensors.Add(name.Replace("layers.0.", "model.layers.10.", StringComparison.Ordinal), value.add(value));
        }
        _checkpoint = _scene.Stored(tensors);
    }

    public void Dispose()
    {
        _checkpoint.Dispose();
        _scope.Dispose();
        _scene.Dispose();
    }

    [Theory]
    [InlineData("model.layers.1.")]
    [InlineData("model.layers.1")]
    public void Only_names_below_the_prefix_are_read_and_the_others_are_counted(string below)
    {
        using var block = new TinyBlock(_scene.Sizes, null, ScalarType.Float32);

        var plan = LoadPlan.Create(block, _checkpoint, below: below);
        var report = plan.Execute();

        _scene.Load(_scene.First);
        AssertSame(_scene.Model.Layers[0], block);
        Assert.Equal(_checkpoint.Tensors.Count - plan.Tensors, report.PassedOver.Length);
        Assert.True(report.PassedOver.Length > plan.Tensors);
        Assert.Equal((plan.Tensors, plan.Slots), (LoadPlan.Check(block, _checkpoint.Tensors.Values, below: below).Tensors, report.Slots));
    }

    [Theory]
    [InlineData(RefitMode.Staged)]
    [InlineData(RefitMode.InPlace)]
    public void A_refit_and_checksums_take_the_same_part(RefitMode mode)
    {
        using TinyBlock block = new(_scene.Sizes, null, ScalarType.Float32), next = new(_scene.Sizes, null, ScalarType.Float32);
        LoadPlan.Create(block, _checkpoint, below: "model.layers.1.").Execute();
        LoadPlan.Create(next, _checkpoint, below: "model.layers.10.").Execute();
        Assert.NotEqual(Bits.Of(next).Values.First(), Bits.Of(block).Values.First());

        using (var refit = block.BeginRefit(mode))
        {
            refit.Write(_checkpoint, below: "model.layers.10.");
            Assert.True(refit.Commit().PassedOver.Length > 0);
        }

        AssertSame(next, block);
        var held = block.Checksums();
        Assert.True(held.Compare(WeightChecksums.Of(_checkpoint, held, "model.layers.10.")).IsProof);
        Assert.True(held.Compare(WeightChecksums.Of(_checkpoint, held, "model.layers.1.")).HasDifferences);
    }

    [Fact]
    public void A_prefix_of_nothing_is_refused_with_those_that_there_are()
    {
        using var block = new TinyBlock(_scene.Sizes, null, ScalarType.Float32);

        var refused = Assert.Throws<LoadException>(() => LoadPlan.Create(block, _checkpoint, below: "model.layer.1."));

        Assert.Equal([new LoadProblem(LoadProblemKind.Missing, "model.layer.1.", null, "tensors whose names begin so", "names that begin with model.layers.", "model.layers.1.")], refused.Problems.AsEnumerable());
        Assert.EndsWith("did you mean model.layers.1.?", refused.Message);
        using var refit = block.BeginRefit();
        Assert.Throws<LoadException>(() => refit.Write(_checkpoint, below: "layer.1"));
    }

    [Fact]
    public void What_is_wrong_below_the_prefix_is_said_with_it()
    {
        using var block = new TinyBlock(_scene.Sizes, null, ScalarType.Float32);
        var refused = Assert.Throws<LoadException>(() => LoadPlan.Create(block, _checkpoint, below: "model."));
        Assert.Contains($"of {_checkpoint.Path} below model. do not fit", refused.Message);
        Assert.Contains(refused.Problems, problem => problem.Kind == LoadProblemKind.Unexpected && problem.Tensor.StartsWith("layers.1.", StringComparison.Ordinal));
    }

    private static void AssertSame(IParameterModule expected, IParameterModule actual)
    {
        var (before, after) = (Bits.Of(expected), Bits.Of(actual));
        Assert.Equal(before.Keys.Order(), after.Keys.Order());
        Assert.All(before, pair => Assert.Equal(pair.Value, after[pair.Key]));
    }
}
