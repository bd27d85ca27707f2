using Lanyard.Memory;
using TorchSharp;

namespace Lanyard.Maps;

/// <summary>The memory of the last shadow of a parameter, for the next: what was in it is nobody's.</summary>
internal sealed class ShadowMemory
{
    private torch.Tensor? _kept;

    /// <summary>A tensor for a shadow: anything is in it, but for padding, which is zero.</summary>
    public static torch.Tensor Fresh(BoundParameter bound) => FreshTensor.Of([.. bound.ModelShape], bound.ModelType, bound.Held.device, bound.HasPadding);

    /// <summary>A tensor for a shadow, in memory that stays when it is disposed.</summary>
    /// <param name="bound">The parameter, which the memory always is of.</param>
    public torch.Tensor Take(BoundParameter bound)
    {
        using var anyMode = torch.inference_mode(false);
        if (_kept is null || _kept.dtype != bound.ModelType || _kept.device != bound.Held.device || !_kept.shape.SequenceEqual(bound.ModelShape))
        {
            Free();
            _kept = Fresh(bound).DetachFromDisposeScope();
        }
        else if (bound.HasPadding) _kept.zero_().Dispose();

        // By set_, so that it is a tensor of its own for automatic differentiation, not a view.
        var own = torch.empty(0, bound.ModelType, bound.Held.device);
        own.set_(_kept);
        return own;
    }

    /// <summary>Frees the memory. No shadow is in it.</summary>
    public void Free()
    {
        _kept?.Dispose();
        _kept = null;
    }
}
