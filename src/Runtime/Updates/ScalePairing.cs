using Lanyard.Index;
using TorchSharp;

namespace Lanyard.Updates;

/// <summary>
/// Brings quantised tensors and their scales together, whichever comes first and from whichever thread. What must wait is copied, and
/// the copy is disposed as soon as everything that needs it is written.
/// </summary>
internal sealed class ScalePairing : IDisposable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<ModelTensor, torch.Tensor> _kept = [];
    private readonly Dictionary<ModelTensor, List<TensorUse>> _waiting = [];
    private readonly Dictionary<ModelTensor, int> _open = [];
    private readonly HashSet<ModelTensor> _written = [];

    /// <summary>Brings a tensor, and writes every use of which both halves are there now.</summary>
    /// <param name="place">What it is taken for; it comes once.</param>
    /// <param name="value">The tensor, contiguous; the caller's.</param>
    /// <param name="lasting">Whether the value never changes, so that an alias serves as the copy.</param>
    /// <param name="write">Writes a use, given the stored tensor and its scales.</param>
    public void Bring(PlacedTensor place, torch.Tensor value, bool lasting, Action<TensorUse, torch.Tensor, torch.Tensor> write)
    {
        var tensor = place.Tensor;
        var uses = place.Uses.Where(use => use.Scale is not null && !use.Slots.IsEmpty).ToList();
        var scales = tensor.Scales.Exists(use => !use.Slots.IsEmpty);
        if (uses.Count == 0) Settle(tensor);
        if (uses.Count == 0 && !scales) return;

        // Outside the lock, since it may be large; whoever is complete now stays so.
        var copy = IsComplete(tensor, uses) ? null : (lasting ? value.alias() : value.clone()).DetachFromDisposeScope();
        foreach (var (use, stored, scale) in Pairs(tensor, uses, copy ?? value, copy))
        {
            write(use, stored, scale);
            End(use);
        }
        if (scales) Drop(tensor);
    }

    public void Dispose()
    {
        lock (_lock)
        {
            foreach (var half in _kept.Values) half.Dispose();
            _kept.Clear();
            _waiting.Clear();
        }
    }

    private bool IsComplete(ModelTensor tensor, List<TensorUse> uses)
    {
        lock (_lock) return uses.TrueForAll(use => _kept.ContainsKey(use.Scale!)) && tensor.Scales.TrueForAll(use => use.Slots.IsEmpty || _open.ContainsKey(use.Tensor));
    }

    private List<(TensorUse Use, torch.Tensor Stored, torch.Tensor Scale)> Pairs(ModelTensor tensor, List<TensorUse> uses, torch.Tensor value, torch.Tensor? copy)
    {
        lock (_lock)
        {
            if (copy is not null) _kept.Add(tensor, copy);
            if (uses.Count > 0) _open.Add(tensor, uses.Count);
            List<(TensorUse, torch.Tensor, torch.Tensor)> pairs = [];
            foreach (var use in uses)
            {
                if (_kept.TryGetValue(use.Scale!, out var scale)) pairs.Add((use, value, scale));
                else if (_waiting.TryGetValue(use.Scale!, out var others)) others.Add(use);
                else _waiting.Add(use.Scale!, [use]);
            }
            if (_waiting.Remove(tensor, out var ready)) pairs.AddRange(ready.Select(use => (use, _kept[use.Tensor], value)));
            return pairs;
        }
    }

    private void End(TensorUse use)
    {
        lock (_lock)
        {
            if (--_open[use.Tensor] > 0) return;
        }
        Settle(use.Tensor);
        Drop(use.Tensor);
    }

    /// <summary>Nothing of the tensor waits for scales any more, so neither do scales for it.</summary>
    private void Settle(ModelTensor tensor)
    {
        if (tensor.Uses.TrueForAll(use => use.Scale is null)) return;
        lock (_lock) _written.Add(tensor);
        foreach (var use in tensor.Uses)
        {
            if (use.Scale is not null) Drop(use.Scale);
        }
    }

    /// <summary>Disposes the copy of a tensor that nothing needs any more.</summary>
    private void Drop(ModelTensor tensor)
    {
        lock (_lock)
        {
            if (_open.TryGetValue(tensor, out var open) && open > 0) return;
            if (tensor.Scales.Exists(use => !use.Slots.IsEmpty && !_written.Contains(use.Tensor))) return;
            if (_kept.Remove(tensor, out var copy)) copy.Dispose();
        }
    }
}
