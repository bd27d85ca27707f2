using TorchSharp;

namespace Lanyard;

/// <summary>The indices that a session has patched, by tensor, so that none comes twice in two patches.</summary>
internal sealed class PatchedIndices : IDisposable
{
    private readonly Dictionary<ModelTensor, torch.Tensor> _indices = [];

    /// <summary>What is wrong with further indices, or null.</summary>
    /// <param name="tensor">The patched tensor.</param>
    /// <param name="sorted">Further indices, ascending.</param>
    public string? Overlaps(ModelTensor tensor, torch.Tensor sorted)
    {
        if (!_indices.TryGetValue(tensor, out var known)) return null;
        using var all = torch.cat([known, sorted]);
        using var together = all.sort().Values;
        return PatchFault.Of(together, long.MaxValue);
    }

    public void Add(ModelTensor tensor, torch.Tensor sorted)
    {
        if (!_indices.Remove(tensor, out var known))
        {
            _indices.Add(tensor, sorted.alias().DetachFromDisposeScope());
            return;
        }
        _indices.Add(tensor, torch.cat([known, sorted]).DetachFromDisposeScope());
        known.Dispose();
    }

    public void Dispose()
    {
        foreach (var indices in _indices.Values) indices.Dispose();
        _indices.Clear();
    }
}
