using Lanyard.Index;
using TorchSharp;

namespace Lanyard.Updates;

/// <summary>
/// Brings codes and the tensors beside them together, whichever comes first and from whichever thread. What must wait is copied, and
/// the copy is disposed as soon as everything that needs it is written.
/// </summary>
internal sealed class EncodedParts : IDisposable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<ModelTensor, torch.Tensor> _kept = [];
    private readonly HashSet<ModelTensor> _came = [];

    // Uses whose codes came and that are not written, each with what is missing.
    private readonly Dictionary<TensorUse, HashSet<ModelTensor>> _open = new(ReferenceEqualityComparer.Instance);

    /// <summary>Writes a use of which all is there.</summary>
    /// <param name="use">The use.</param>
    /// <param name="codes">The stored tensor.</param>
    /// <param name="companions">The tensors beside it, in the order of the encoding; null for one that is absent.</param>
    public delegate void Writer(TensorUse use, torch.Tensor codes, IReadOnlyList<torch.Tensor?> companions);

    /// <summary>Brings a tensor, and writes every use of which all is there now.</summary>
    /// <param name="place">What it is taken for; it comes once.</param>
    /// <param name="value">The tensor, contiguous; the caller's.</param>
    /// <param name="lasting">Whether the value never changes, so that an alias serves as the copy.</param>
    /// <param name="write">Writes a use.</param>
    public void Bring(PlacedTensor place, torch.Tensor value, bool lasting, Writer write)
    {
        var tensor = place.Tensor;
        var uses = place.Uses.Where(use => !use.Companions.IsEmpty && !use.Slots.IsEmpty).ToList();

        // Outside the lock, since it may be large; whoever is complete now stays so.
        var copy = IsComplete(tensor, uses) ? null : (lasting ? value.alias() : value.clone()).DetachFromDisposeScope();
        foreach (var (use, codes, companions) in Ready(tensor, uses, value, copy))
        {
            write(use, codes, companions);
            lock (_lock)
            {
                _open.Remove(use);
                foreach (var part in use.Companions.Prepend(use.Tensor)) Drop(part);
            }
        }

        // Codes of another format: what stands beside them is for nobody any more.
        lock (_lock)
        {
            foreach (var part in tensor.Uses.SelectMany(use => use.Companions).Append(tensor)) Drop(part);
        }
    }

    /// <summary>Writes every use that lacks nothing but companions that may stay away, once it is known that they do.</summary>
    /// <param name="write">Writes a use.</param>
    public void Rest(Writer write)
    {
        List<(TensorUse Use, torch.Tensor Codes, List<torch.Tensor?> Companions)> rest;
        lock (_lock)
        {
            // One that lacks nothing could not be decoded.
            rest = [.. _open.Where(open => open.Value.Count > 0 && open.Key.Companions.Index().All(companion => open.Key.Encoding.Companions[companion.Index].Absent is not null || !open.Value.Contains(companion.Item)))
                .Select(open => (open.Key, _kept[open.Key.Tensor], open.Key.Companions.Select(part => _kept.GetValueOrDefault(part)).ToList()))];
            foreach (var (use, _, _) in rest) _open.Remove(use);
        }
        foreach (var (use, codes, companions) in rest) write(use, codes, companions);
    }

    public void Dispose()
    {
        lock (_lock)
        {
            foreach (var part in _kept.Values) part.Dispose();
            _kept.Clear();
            _open.Clear();
        }
    }

    private bool IsComplete(ModelTensor tensor, List<TensorUse> uses)
    {
        lock (_lock)
        {
            return uses.TrueForAll(use => use.Companions.All(part => part == tensor || _kept.ContainsKey(part)))
                && tensor.Serves.TrueForAll(use => use.Slots.IsEmpty || (_came.Contains(use.Tensor) && (!_open.TryGetValue(use, out var missing) || missing.All(part => part == tensor))));
        }
    }

    private List<(TensorUse Use, torch.Tensor Codes, List<torch.Tensor> Companions)> Ready(ModelTensor tensor, List<TensorUse> uses, torch.Tensor value, torch.Tensor? copy)
    {
        lock (_lock)
        {
            _came.Add(tensor);
            if (copy is not null) _kept.Add(tensor, copy);
            foreach (var use in uses) _open.Add(use, [.. use.Companions.Where(part => part != tensor && !_kept.ContainsKey(part))]);
            var touched = new HashSet<TensorUse>(uses, ReferenceEqualityComparer.Instance);
            foreach (var use in tensor.Serves)
            {
                if (_open.TryGetValue(use, out var missing) && missing.Remove(tensor)) touched.Add(use);
            }
            return [.. touched.Where(use => _open[use].Count == 0).Select(use => (use, Part(use.Tensor), use.Companions.Select(Part).ToList()))];
        }

        torch.Tensor Part(ModelTensor part) => part == tensor ? copy ?? value : _kept[part];
    }

    /// <summary>Disposes the copy of a tensor that nothing needs any more.</summary>
    private void Drop(ModelTensor tensor)
    {
        if (tensor.Uses.Exists(_open.ContainsKey)) return;
        if (tensor.Serves.Exists(use => !use.Slots.IsEmpty && (!_came.Contains(use.Tensor) || _open.ContainsKey(use)))) return;
        if (_kept.Remove(tensor, out var copy)) copy.Dispose();
    }
}
