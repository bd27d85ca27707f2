using Lanyard.Checkpoints;
using Lanyard.Tests.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace Lanyard.Tests.Export;

/// <summary>An export leaves the live model as it was, whatever happens.</summary>
public sealed class ExportLiveModelTests : IDisposable
{
    private readonly ExportScene _scene = new();

    public void Dispose() => _scene.Dispose();

    [Fact]
    public void Addresses_bits_objects_and_layouts_stay_and_a_refit_works_afterwards()
    {
        var before = Picture();
        _scene.Export("first");
        Assert.Equal(before, Picture());

        _scene.Tiny.Refit(_scene.Tiny.Second);
        Assert.Equal(_scene.Tiny.BitsOf(_scene.Tiny.Second), _scene.Tiny.Bits());
        _scene.Export("second");
        Assert.Equal(ExportScene.Stored(_scene.Tiny.Second), ExportScene.Stored(_scene.At("second")));
    }

    [Fact]
    public void Where_undo_fails_everything_is_put_back_and_nothing_is_written()
    {
        _scene.Export();
        var written = ExportScene.Stored(_scene.At("out"));
        _scene.Tiny.Refit(_scene.Tiny.Second);
        var before = Picture();
        _scene.Model.Layers[1].FeedForward.FailUndo = true;

        Assert.Equal("undo failed on purpose", Assert.Throws<InvalidOperationException>(() => _scene.Export()).Message);

        Assert.Equal(before, Picture());
        Assert.Equal(written, ExportScene.Stored(_scene.At("out")));
        Assert.Equal(["model.safetensors"], Directory.GetFileSystemEntries(_scene.At("out")).Select(Path.GetFileName));
        _scene.Model.Layers[1].FeedForward.FailUndo = false;
        _scene.Tiny.Refit(_scene.Tiny.First);
        Assert.Equal(_scene.Tiny.BitsOf(_scene.Tiny.First), _scene.Tiny.Bits());
    }

    [Fact]
    public void Where_the_files_cannot_be_written_everything_is_put_back()
    {
        File.WriteAllText(_scene.At("out"), "a file where the folder should be");
        var before = Picture();
        Assert.Throws<CheckpointException>(() => _scene.Export());
        Assert.Equal(before, Picture());
        _scene.Tiny.Refit(_scene.Tiny.Second);
    }

    [Fact]
    public void No_tensor_is_left_behind()
    {
        _scene.Export("first");
        using var scope = NewDisposeScope();
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        _scene.Export("second", new ExportOptions { Type = ScalarType.BFloat16 });
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    [Fact]
    public void A_session_and_an_export_exclude_each_other()
    {
        using (var refit = _scene.Model.BeginRefit())
        {
            Assert.Throws<ModelStateException>(() => _scene.Export());
            Assert.Throws<ModelStateException>(() => _scene.Model.Layers[0].Attention.Export(_scene.At("part")));
        }
        var (experts, failures) = (_scene.Model.Layers[0].FeedForward, 0);
        experts.WhileUndone = () =>
        {
            Assert.Throws<ModelStateException>(() => _scene.Model.BeginRefit());
            Assert.Throws<ModelStateException>(() => _scene.Model.to(ScalarType.BFloat16));
            failures++;
        };
        _scene.Export();
        Assert.Equal(1, failures);
        _scene.Tiny.Refit(_scene.Tiny.Second);
    }

    [Fact]
    public void A_torn_model_and_one_that_was_never_loaded_are_refused()
    {
        using var fresh = new TinyModel(_scene.Tiny.Sizes);
        Assert.Contains("never loaded", Assert.Throws<ModelStateException>(() => fresh.Export(_scene.At("out"))).Message, StringComparison.Ordinal);
        using (var refit = _scene.Model.BeginRefit(RefitMode.InPlace)) refit.Write("norm.weight", _scene.Tiny.Second["norm.weight"]);

        Assert.Contains("torn", Assert.Throws<ModelStateException>(() => _scene.Export()).Message, StringComparison.Ordinal);

        Assert.False(Directory.Exists(_scene.At("out")));
        _scene.Tiny.Refit(_scene.Tiny.Second);
        _scene.Export();
        Assert.Equal(ExportScene.Stored(_scene.Tiny.Second), ExportScene.Stored(_scene.At("out")));
    }

    /// <summary>Everything that is known of each parameter, its bits among it, and the object itself.</summary>
    private List<(string, nint, string, ParameterLayout, string?, ScalarType, int, string)> Picture() =>
        [.. _scene.Model.AllParameters().Select(item => (item.Name, TensorAddress.Of(item.Parameter.Value), string.Join(',', item.Parameter.Value.shape), item.Parameter.Layout, item.Parameter.MadeBy, item.Parameter.ModelType, System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(item.Parameter.Value), Bits(item.Parameter.Value)))];

    private static string Bits(Tensor value)
    {
        using var contiguous = value.contiguous();
        return Convert.ToHexString(contiguous.bytes);
    }
}
