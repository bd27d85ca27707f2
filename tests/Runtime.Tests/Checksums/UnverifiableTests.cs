using Lanyard.Checkpoints;
using Lanyard.Tests.Export;
using Lanyard.Tests.Models;
using Lanyard.Tests.PostLoads;
using TorchSharp;
using static TorchSharp.torch;

namespace Lanyard.Tests.Checksums;

/// <summary>What cannot be brought back is listed with the reason; the rest is verified.</summary>
public sealed class UnverifiableTests : IDisposable
{
    private readonly TensorFiles _files = new();

    public void Dispose() => _files.Dispose();

    [Fact]
    public void Post_load_without_an_undo()
    {
        using var model = new StuckLayer();
        var tensors = new Dictionary<string, Tensor> { ["weight"] = torch.randn(2, 3), ["bias"] = torch.randn(3), ["half"] = torch.randn(3, 6) };
        _files.Load(model, tensors);

        var report = Proofs.Compare(model, tensors);

        Assert.Equal((1, false, false), (report.Agreeing, report.HasDifferences, report.IsProof));
        Assert.Equal(
            """
            Nothing differs, but the model is not proven to hold what the trainer sent: 1 slot agrees, 2 cannot be verified.
              unverifiable:  weight F32 (parameter weight): it is what Pad made of it, without [PostLoad(Undo = ...)]
              unverifiable:  bias F32 (parameter bias): it is what Pad made of it, without [PostLoad(Undo = ...)]
            """,
            report.ToString());
        Assert.Throws<ChecksumException>(() => report.ThrowUnlessProven());
        report.ThrowUnlessProven(allowUnverifiable: true);

        tensors["half"][1, 1] = 7;
        Assert.Throws<ChecksumException>(() => Proofs.Compare(model, tensors).ThrowUnlessProven(allowUnverifiable: true));
    }

    [Fact]
    public void Online_quantisation()
    {
        using var model = new OnlinePerTensor();
        var tensors = new Dictionary<string, Tensor> { ["weight"] = torch.randn(6, 5).to_type(ScalarType.BFloat16) };
        _files.Load(model, tensors);
        Assert.Equal(("weight", null), (Assert.Single(Proofs.Compare(model, tensors).Unverifiable).Tensor, model.Checksums().Slots[0].Hash));
    }

    [Fact]
    public void Several_methods_are_undone_in_order_and_put_back()
    {
        using var model = new StackedLayer();
        var tensors = new Dictionary<string, Tensor> { ["weight"] = torch.randn(3, 4) };
        _files.Load(model, tensors);
        var before = Bits.Of(model);
        Proofs.Holds(model, tensors);
        Assert.Equal(before, Bits.Of(model));
        Assert.Equal("BTranspose", model.Parameters.Weight.MadeBy);
    }

    [Fact]
    public void An_undo_that_makes_another_type_or_nothing_and_one_that_throws()
    {
        using var model = new StackedLayer();
        var tensors = new Dictionary<string, Tensor> { ["weight"] = torch.randn(3, 4) };
        _files.Load(model, tensors);
        var before = Bits.Of(model);
        model.WrongType = true;
        Assert.Contains("made Float64", Assert.Single(Proofs.Compare(model, tensors).Unverifiable).Reason, StringComparison.Ordinal);
        (model.WrongType, model.Forgets) = (false, true);
        Assert.Contains("is still what", Assert.Single(Proofs.Compare(model, tensors).Unverifiable).Reason, StringComparison.Ordinal);
        model.Forgets = false;
        Proofs.Holds(model, tensors);
        Assert.Equal(before, Bits.Of(model));

        using var scene = new TinyScene();
        scene.Load(scene.First);
        scene.Model.Layers[1].FeedForward.FailUndo = true;
        var report = Proofs.Compare(scene.Model, scene.First);
        Assert.Equal([("layers.1.mlp.experts.down_proj", "its post-load could not be undone: undo failed on purpose")], report.Unverifiable.Select(slot => (slot.Tensor, slot.Reason)));
        Assert.Equal(12, report.Agreeing);
        scene.Model.Layers[1].FeedForward.FailUndo = false;
        Proofs.Holds(scene.Model, scene.First);
    }

    [Fact]
    public void An_undo_that_makes_another_type_leaves_the_model_as_it_was()
    {
        using var scope = NewDisposeScope();
        using var model = new Turned { Undone = weight => weight.to_type(ScalarType.Int8) };
        _files.Load(model, Turned.Weights(0));

        var slot = Assert.Single(Proofs.Compare(model, Turned.Weights(0)).Unverifiable);

        Assert.Equal(("weight", CheckpointType.F32), (slot.Tensor, slot.Type));
        Assert.EndsWith("(weight) was loaded as Float32, but the undo of its post-load made Int8.", slot.Reason, StringComparison.Ordinal);
        Assert.Equal(ScalarType.Float32, model.Parameters.Weight.ModelType);
        _files.Load(model, Turned.Weights(1));
        Assert.Equal(1f, model.Weight[0, 0].item<float>());
    }
}
