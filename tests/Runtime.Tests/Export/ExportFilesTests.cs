using Lanyard.Checkpoints;
using TorchSharp;
using static TorchSharp.torch;

namespace Lanyard.Tests.Export;

/// <summary>Files of an export: how many, what they say, and that a broken one never shows.</summary>
public sealed class ExportFilesTests : IDisposable
{
    private readonly ExportScene _scene = new();

    public void Dispose() => _scene.Dispose();

    [Fact]
    public void No_file_is_larger_than_asked_for_and_an_index_names_them()
    {
        const long Most = 6000;
        var report = _scene.Export(options: new ExportOptions { MaxFileBytes = Most });
        Assert.True(report.Files.Length > 2);
        Assert.Equal([.. report.Files, "model.safetensors.index.json"], Directory.GetFiles(_scene.At("out")).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        using var checkpoint = Checkpoint.Open(_scene.At("out"));
        Assert.All(checkpoint.Tensors.Values.GroupBy(tensor => tensor.File), file => Assert.True(file.Sum(tensor => tensor.Length) <= Most || file.Count() == 1));
        Assert.Equal(ExportScene.Stored(_scene.Tiny.First), ExportScene.Stored(_scene.At("out")));
    }

    [Fact]
    public void The_metadata_is_that_of_the_options()
    {
        _scene.Export("mine", new ExportOptions { Metadata = new Dictionary<string, string> { ["step"] = "7" } });
        _scene.Export("none", new ExportOptions { Metadata = new Dictionary<string, string>() });
        using Checkpoint mine = Checkpoint.Open(_scene.At("mine")), none = Checkpoint.Open(_scene.At("none"));
        Assert.Equal([KeyValuePair.Create("step", "7")], mine.Metadata);
        Assert.Empty(none.Metadata);
    }

    [Fact]
    public void An_export_over_the_checkpoint_that_was_loaded_replaces_it()
    {
        _scene.Export();
        using (var checkpoint = Checkpoint.Open(_scene.At("out"))) LoadPlan.Create(_scene.Model, checkpoint).Execute();
        _scene.Tiny.Refit(_scene.Tiny.Second);
        File.WriteAllText(Path.Combine(_scene.At("out"), "config.json"), "{}");
        _scene.Export(options: new ExportOptions { MaxFileBytes = 6000 });
        Assert.Equal(ExportScene.Stored(_scene.Tiny.Second), ExportScene.Stored(_scene.At("out")));
        Assert.False(File.Exists(Path.Combine(_scene.At("out"), "model.safetensors")));
        Assert.True(File.Exists(Path.Combine(_scene.At("out"), "config.json")));
    }

    [Fact]
    public void An_interrupted_export_of_several_files_leaves_none_of_them()
    {
        _scene.Model.Layers[1].FeedForward.FailUndo = true;
        Assert.Throws<InvalidOperationException>(() => _scene.Export(options: new ExportOptions { MaxFileBytes = 3000 }));
        Assert.Empty(Directory.GetFileSystemEntries(_scene.At("out")));
    }
}
