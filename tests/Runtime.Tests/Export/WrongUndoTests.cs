using Lanyard.Tests.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace Lanyard.Tests.Export;

/// <summary>An undo that does not undo is found by running the method again on what it made.</summary>
public sealed class WrongUndoTests : IDisposable
{
    private readonly Turned _module = new();
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("lanyard-");

    public WrongUndoTests()
    {
        using var refit = _module.BeginRefit();
        refit.Write(Turned.Weights(1));
        refit.Commit();
    }

    public void Dispose()
    {
        _module.Dispose();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public void An_export_names_parameter_method_and_undo_and_writes_nothing()
    {
        var before = Bits.Of(_module);
        _module.Undone = weight => weight + 1;
        var problem = Assert.Single(Assert.Throws<ExportException>(() => _module.Export(_folder.FullName)).Problems);
        Assert.Equal((ExportProblemKind.WrongUndo, "weight"), (problem.Kind, problem.Name));
        Assert.Contains("TurnBack does not undo Turn", problem.Detail, StringComparison.Ordinal);
        Assert.Empty(_folder.GetFileSystemInfos());
        Assert.Equal(before, Bits.Of(_module));
        _module.Undone = weight => weight;
        _module.Export(_folder.FullName);
    }

    [Fact]
    public void Checksums_cannot_verify_it()
    {
        _module.Undone = weight => weight + 1;
        var slot = Assert.Single(_module.Checksums().Slots, slot => slot.Hash is null);
        Assert.Equal("weight", slot.Tensor);
        Assert.Contains("TurnBack does not undo Turn", slot.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_method_that_fails_on_what_its_undo_made_is_named()
    {
        _module.Undone = weight => weight + 1;
        _module.Made = weight => weight[0, 0].ToSingle() == 1 ? weight : throw new InvalidOperationException("not as loaded");
        var error = Assert.Throws<ExportException>(() => _module.Export(_folder.FullName));
        Assert.Contains("Turn cannot run on what TurnBack made: not as loaded", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void All_modules_are_listed_before_any_is_written()
    {
        using var scene = new TinyScene();
        scene.Load(scene.First);
        foreach (var layer in scene.Model.Layers) using (no_grad()) layer.FeedForward.W2Weight.select(2, layer.FeedForward.W2Weight.shape[2] - 1).fill_(1);
        var problems = Assert.Throws<ExportException>(() => scene.Model.Export(_folder.FullName)).Problems;
        Assert.Equal(["layers.0.mlp.experts.w2_weight", "layers.1.mlp.experts.w2_weight"], problems.Select(problem => problem.Name).Order());
    }
}
