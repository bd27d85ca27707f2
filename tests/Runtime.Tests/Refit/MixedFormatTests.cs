using Lanyard.Tests.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace Lanyard.Tests.Refit;

/// <summary>A parameter that comes in two formats at once is an error, and never one that two threads write over each other.</summary>
public sealed class MixedFormatTests : IDisposable
{
    private readonly TinyScene _scene = new();

    public MixedFormatTests() => _scene.Load(_scene.First);

    public void Dispose() => _scene.Dispose();

    [Theory]
    [InlineData(RefitMode.Staged)]
    [InlineData(RefitMode.InPlace)]
    public void Only_the_first_format_is_written(RefitMode mode)
    {
        using var scope = NewDisposeScope();
        var (before, experts) = (_scene.Bits(), TinyWeights.PerExpert(_scene.Second));
        using var refit = _scene.Model.BeginRefit(mode, RefitScope.Subset);
        const string Module = "layers.0.mlp.experts.";
        refit.Write(Module + "0.down_proj.weight", experts[Module + "0.down_proj.weight"]);
        refit.Write(Module + "down_proj", _scene.Second[Module + "down_proj"]);

        // The parameter has come whole in the second format, and in part in the first: nothing depends on it yet.
        Assert.Equal(1, _scene.Experts.Padded);
        var error = Assert.Throws<LoadException>(() => refit.Commit());
        Assert.Contains(error.Problems, problem => problem.Kind == LoadProblemKind.MixedFormats);
        if (mode == RefitMode.Staged) Assert.Equal(before, _scene.Bits());
        else Assert.Equal(ModelState.Torn, _scene.Model.Parameters.State);
    }

    [Fact]
    public void Two_threads_with_a_format_each_do_no_harm()
    {
        using var scope = NewDisposeScope();
        var experts = TinyWeights.PerExpert(_scene.Second);
        for (var round = 0; round < 50; round++)
        {
            using var refit = _scene.Model.BeginRefit(RefitMode.InPlace);
            Parallel.Invoke(
                () => { foreach (var (name, value) in experts) refit.Write(name, value); },
                () => { foreach (var (name, value) in _scene.Second) refit.Write(name, value); });
            Assert.Throws<LoadException>(() => refit.Commit());
        }
        _scene.Refit(_scene.Second, RefitMode.InPlace);
        using var expected = new TinyModel(_scene.Sizes);
        _scene.Load(_scene.Second, expected);
        Assert.Equal(_scene.Bits(expected), _scene.Bits());
    }
}
