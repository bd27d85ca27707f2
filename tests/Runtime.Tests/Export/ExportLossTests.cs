using Lanyard.Checkpoints;
using Lanyard.Tests.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace Lanyard.Tests.Export;

/// <summary>What an export cannot give back is reported, and nothing else is.</summary>
public sealed class ExportLossTests
{
    [Fact]
    public void A_bfloat16_checkpoint_in_a_float32_model_comes_back_bit_for_bit()
    {
        using var scene = new ExportScene();
        var weights = TinyWeights.Fused(scene.Tiny.Sizes, seed: 3, ScalarType.BFloat16);
        scene.Tiny.Load(weights);

        Assert.Empty(scene.Export("narrow", new ExportOptions { Type = ScalarType.BFloat16 }).Lossy);
        Assert.Equal(ExportScene.Stored(weights), ExportScene.Stored(scene.At("narrow")));

        Assert.Empty(scene.Export("wide").Lossy);
        Assert.All(ExportScene.Stored(scene.At("wide")).Values, tensor => Assert.Equal(CheckpointType.F32, tensor.Type));
    }

    [Fact]
    public void Only_tensors_with_a_value_that_narrowing_changes_are_reported()
    {
        using var scene = new ExportScene();
        var weights = TinyWeights.Fused(scene.Tiny.Sizes, seed: 3, ScalarType.BFloat16).ToDictionary(pair => pair.Key, pair => pair.Value.to_type(ScalarType.Float32));
        weights["layers.1.mlp.experts.down_proj"][2, 11, 9] = 1 + MathF.ScaleB(1, -20);
        weights["layers.0.self_attn.v_proj.weight"].bytes[2] = 0xC1; // a NaN whose payload bfloat16 does not keep
        weights["layers.0.self_attn.v_proj.weight"].bytes[3] = 0x7F;
        weights["norm.weight"][3] = float.NegativeZero;
        scene.Tiny.Load(weights);

        var report = scene.Export(options: new ExportOptions { Type = ScalarType.BFloat16 });

        Assert.Equal(
            [new ExportLoss("layers.0.self_attn.v_proj.weight", ExportLossKind.Narrowed), new ExportLoss("layers.1.mlp.experts.down_proj", ExportLossKind.Narrowed)],
            report.Lossy.AsEnumerable());
    }

    /// <summary>Unlike bfloat16, to which libtorch converts NaNs one way or another, float32 keeps the usual one.</summary>
    [Fact]
    public void A_value_that_is_no_number_can_survive()
    {
        using var scene = new ExportScene(ScalarType.Float64);
        var weights = TinyWeights.Fused(scene.Tiny.Sizes, seed: 3).ToDictionary(pair => pair.Key, pair => pair.Value.to_type(ScalarType.Float64));
        weights["norm.weight"][3] = double.NaN;
        scene.Tiny.Load(weights);
        Assert.Empty(scene.Export(options: new ExportOptions { Type = ScalarType.Float32 }).Lossy);
    }

    [Fact]
    public void Widening_loses_nothing()
    {
        using var scene = new ExportScene(ScalarType.BFloat16);
        Assert.Empty(scene.Export("wide", new ExportOptions { Type = ScalarType.Float32 }).Lossy);
        using var wide = Checkpoint.Open(scene.At("wide"));
        var before = scene.Tiny.Bits();
        scene.Tiny.Refit(scene.Tiny.Second.ToDictionary(pair => pair.Key, pair => pair.Value.to_type(ScalarType.BFloat16)));
        Assert.NotEqual(before, scene.Tiny.Bits());
        LoadPlan.Create(scene.Model, wide, new LoadOptions { AllowNarrowing = true }).Execute();
        Assert.Equal(before, scene.Tiny.Bits());
    }

    [Fact]
    public void Types_that_are_no_floating_point_types_are_refused()
    {
        using var scene = new ExportScene();
        Assert.Throws<ArgumentException>(() => scene.Export(options: new ExportOptions { Type = ScalarType.Int8 }));
        Assert.Throws<ArgumentException>(() => scene.Export(options: new ExportOptions { Metadata = new Dictionary<string, string> { ["lanyard.slices"] = "{}" } }));
    }

    [Fact]
    public void An_encoding_without_companions_is_written_decoded_and_reported_too()
    {
        using var scene = new ExportScene();
        using var model = new BareLayer();
        scene.Tiny.Load(new Dictionary<string, Tensor> { ["weight"] = torch.tensor([1f, -3f, 0.5f]) }, model);
        Assert.Equal([new ExportLoss("weight", ExportLossKind.Decoded)], model.Export(scene.At("out")).Lossy.AsEnumerable());
        Assert.Equal(ExportScene.Stored(new Dictionary<string, Tensor> { ["weight"] = torch.tensor([2f, -6f, 1f]) }), ExportScene.Stored(scene.At("out")));
    }

    [Fact]
    public void Encoded_sources_are_written_decoded_and_reported()
    {
        using var scene = new ExportScene();
        using var scope = NewDisposeScope();
        using var model = new EncodedLayer();
        var norm = torch.tensor([0.5f, -0.25f, 3f, 0f]).to_type(ScalarType.BFloat16);
        scene.Tiny.Load(
            new Dictionary<string, Tensor>
            {
                ["weight"] = torch.tensor(new sbyte[] { 1, -2, 3, -4, 5, -6, 7, -8, 9, -10, 11, -12 }).reshape(3, 4),
                ["weight_scale"] = torch.tensor([2f, 0.5f, 4f]),
                ["norm"] = norm,
                ["bias"] = torch.tensor([1f, 2f, 3f]),
                ["plain"] = torch.tensor([9f, 8f, 7f, 6f]).to_type(ScalarType.BFloat16),
            },
            model);

        var report = model.Export(scene.At("out"));

        Assert.Equal(
            [new ExportLoss("bias", ExportLossKind.Cast), new ExportLoss("norm", ExportLossKind.Offset), new ExportLoss("norm", ExportLossKind.Cast), new ExportLoss("weight", ExportLossKind.Decoded)],
            report.Lossy.AsEnumerable());
        Assert.Equal(
            ExportScene.Stored(new Dictionary<string, Tensor>
            {
                ["weight"] = torch.tensor([2f, -4, 6, -8, 2.5f, -3, 3.5f, -4, 36, -40, 44, -48]).reshape(3, 4).to_type(ScalarType.BFloat16),
                ["norm"] = norm,
                ["bias"] = torch.tensor([1f, 2f, 3f]).to_type(ScalarType.BFloat16),
                ["plain"] = torch.tensor([9f, 8f, 7f, 6f]).to_type(ScalarType.BFloat16),
            }),
            ExportScene.Stored(scene.At("out")));
    }
}
