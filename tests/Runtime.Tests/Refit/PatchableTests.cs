using Lanyard.Checkpoints;
using Lanyard.Tests.Field;
using Lanyard.Tests.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace Lanyard.Tests.Refit;

/// <summary>Why a parameter cannot be patched is said before anybody tries.</summary>
public sealed class PatchableTests : IDisposable
{
    private readonly TinyScene _scene = new();

    public void Dispose() => _scene.Dispose();

    [Fact]
    public void What_was_never_loaded_or_post_load_has_replaced_or_makes_cannot_be_patched_and_the_reason_says_so()
    {
        var (experts, attention) = (_scene.Experts.Parameters, _scene.Attention.Parameters);
        Assert.False(experts.W13Weight.CanPatch);
        Assert.Equal("A model that was never loaded, or is torn, cannot be patched: bring whole tensors.", experts.W13Weight.PatchRefusal);

        _scene.Load(_scene.First);
        Assert.True(experts.W13Weight.CanPatch);
        Assert.Null(experts.W13Weight.PatchRefusal);
        Assert.False(experts.W2Weight.CanPatch);
        Assert.Equal("down_proj takes whole tensors, not elements, of which PadForKernel has left nothing.", experts.W2Weight.PatchRefusal);
        foreach (var made in attention.Where(parameter => parameter.Entry.Sources.IsEmpty)) Assert.StartsWith($"No tensor brings {made}", made.PatchRefusal, StringComparison.Ordinal);
    }

    [Fact]
    public void Packed_codes_cannot_be_patched()
    {
        using var scope = NewDisposeScope();
        using var model = new TwoLevelProjection();
        using (var refit = model.BeginRefit())
        {
            foreach (var tensor in model.ExpectedTensors()) refit.Write(tensor.Name, zeros([.. tensor.Shape], tensor.Type.ToScalarType()));
            refit.Commit();
        }
        Assert.Contains("takes a whole tensor, not elements of codes that are packed", model.Parameters.Weight.PatchRefusal, StringComparison.Ordinal);
    }
}
