using Lanyard.Checkpoints;
using Lanyard.Tests.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace Lanyard.Tests.Export;

/// <summary>Load and export are inverse to each other, in every format.</summary>
public sealed class ExportRoundTripTests : IDisposable
{
    private readonly ExportScene _scene = new();

    public void Dispose() => _scene.Dispose();

    [Theory]
    [InlineData(false, null)]
    [InlineData(false, "")]
    [InlineData(false, "per-expert")]
    [InlineData(true, null)]
    [InlineData(true, "per-expert")]
    public void Export_after_load_gives_the_bits_of_the_checkpoint_in_either_format(bool loadPerExpert, string? format)
    {
        var perExpert = TinyWeights.PerExpert(_scene.Tiny.Second);
        _scene.Tiny.Load(loadPerExpert ? perExpert : _scene.Tiny.Second);

        var report = _scene.Export(options: new ExportOptions { Format = format });

        var expected = ExportScene.Stored(format == "per-expert" ? perExpert : _scene.Tiny.Second);
        Assert.Equal(expected, ExportScene.Stored(_scene.At("out")));
        Assert.Empty(report.Lossy);
        Assert.Equal((expected.Count, expected.Values.Sum(tensor => tensor.Bits.Length / 2L)), (report.Tensors, report.Bytes));
        Assert.Equal(["model.safetensors"], report.Files.AsEnumerable());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("per-expert")]
    public void Load_after_export_gives_the_bits_of_the_model_also_after_a_refit(string? format)
    {
        _scene.Tiny.Refit(_scene.Tiny.Second);
        _scene.Export(options: new ExportOptions { Format = format });

        using var model = new TinyModel(_scene.Tiny.Sizes);
        using var checkpoint = Checkpoint.Open(_scene.At("out"));
        LoadPlan.Create(model, checkpoint).Execute();

        Assert.Equal(_scene.Tiny.Bits(), _scene.Tiny.Bits(model));
        Assert.Equal(_scene.Tiny.BitsOf(_scene.Tiny.Second), _scene.Tiny.Bits(model));
    }

    [Fact]
    public void After_a_conversion_the_new_type_is_exported_and_loads_to_the_same_bits()
    {
        _scene.Model.to(ScalarType.BFloat16);
        var report = _scene.Export();
        Assert.Empty(report.Lossy);
        Assert.All(ExportScene.Stored(_scene.At("out")).Values, tensor => Assert.Equal(CheckpointType.BF16, tensor.Type));

        using var model = new TinyModel(_scene.Tiny.Sizes, type: ScalarType.BFloat16);
        using var checkpoint = Checkpoint.Open(_scene.At("out"));
        LoadPlan.Create(model, checkpoint).Execute();
        Assert.Equal(_scene.Tiny.Bits(), _scene.Tiny.Bits(model));
    }

    [Fact]
    public void Bits_that_are_no_numbers_survive()
    {
        var odd = _scene.Tiny.First.ToDictionary(pair => pair.Key, pair => pair.Value.clone());
        new Random(7).NextBytes(odd["layers.1.self_attn.k_proj.weight"].bytes);
        new Random(8).NextBytes(odd["layers.0.mlp.experts.down_proj"].bytes);
        _scene.Tiny.Load(odd);
        _scene.Export();
        Assert.Equal(ExportScene.Stored(odd), ExportScene.Stored(_scene.At("out")));
    }

    [Theory]
    [InlineData(false, "norm.weight")]
    [InlineData(true, "language_model.norm.weight")]
    public void The_prefix_is_written_where_it_is_asked_for(bool prefix, string name)
    {
        _scene.Export(options: new ExportOptions { Prefix = prefix });
        var stored = ExportScene.Stored(_scene.At("out"));
        Assert.True(stored.ContainsKey(name));
        Assert.All(stored.Keys, key => Assert.Equal(prefix, key.StartsWith("language_model.", StringComparison.Ordinal)));

        _scene.Tiny.Refit(_scene.Tiny.Second);
        using var checkpoint = Checkpoint.Open(_scene.At("out"));
        LoadPlan.Create(_scene.Model, checkpoint).Execute();
        Assert.Equal(_scene.Tiny.BitsOf(_scene.Tiny.First), _scene.Tiny.Bits());
    }

    [Fact]
    public void A_module_below_is_exported_under_names_of_its_own()
    {
        _scene.Model.Layers[1].FeedForward.Export(_scene.At("experts"));
        var expected = _scene.Tiny.First.Where(pair => pair.Key.StartsWith("layers.1.mlp.experts.", StringComparison.Ordinal)).Select(pair => KeyValuePair.Create(pair.Key["layers.1.mlp.experts.".Length..], pair.Value));
        Assert.Equal(ExportScene.Stored(expected), ExportScene.Stored(_scene.At("experts")));
    }

    [Fact]
    public void An_unknown_format_is_refused_with_those_that_there_are()
    {
        var error = Assert.Throws<ArgumentException>(() => _scene.Export(options: new ExportOptions { Format = "per-exprt" }));
        Assert.Contains("\"per-expert\"", error.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_scene.At("out")));
    }
}
