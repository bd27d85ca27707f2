using Lanyard.Books;
using Lanyard.Index;
using Lanyard.Memory;
using TorchSharp;

namespace Lanyard.Updates;

/// <summary>Copies of tensors of which those that come later decide in what format they are.</summary>
internal sealed class WaitingTensors : IDisposable
{
    private readonly Dictionary<Arrival, torch.Tensor> _kept = new(ReferenceEqualityComparer.Instance);
    private readonly List<(Arrival Arrival, PlacedTensor Place)> _decided = [];

    /// <summary>Keeps a tensor that waits.</summary>
    /// <param name="arrival">How it came.</param>
    /// <param name="value">The tensor; the caller's.</param>
    /// <param name="lasting">Whether it never changes, so that an alias serves as the copy.</param>
    public void Keep(Arrival arrival, torch.Tensor value, bool lasting = false)
    {
        // Outside the lock, since it may be large.
        using var ordered = lasting ? null : OrderedTensor.Of(value);
        using var bare = lasting ? null : (ordered ?? value).detach();
        var copy = (bare?.clone() ?? value.alias()).DetachFromDisposeScope();
        lock (_kept) _kept.Add(arrival, copy);
    }

    /// <summary>Enters what was decided, whether or not it is kept yet: another thread may have brought what decides.</summary>
    public void Enter(List<(Arrival Arrival, PlacedTensor Place)> decided)
    {
        if (decided.Count == 0) return;
        lock (_kept) _decided.AddRange(decided);
    }

    /// <summary>Takes what was decided of tensors that are held otherwise.</summary>
    /// <param name="held">Whether it is one of them.</param>
    public List<(Arrival Arrival, PlacedTensor Place)> Take(Predicate<Arrival> held)
    {
        lock (_kept)
        {
            var taken = _decided.FindAll(decided => held(decided.Arrival));
            _decided.RemoveAll(decided => held(decided.Arrival));
            return taken;
        }
    }

    /// <summary>Takes what was decided of tensors that are kept, with the copies; the caller's to dispose.</summary>
    public List<(Arrival Arrival, PlacedTensor Place, torch.Tensor Value)> Take()
    {
        lock (_kept)
        {
            if (_decided.Count == 0) return [];
            return [.. Take(_kept.ContainsKey).Select(decided =>
            {
                _kept.Remove(decided.Arrival, out var value);
                return (decided.Arrival, decided.Place, value!);
            })];
        }
    }

    public void Dispose()
    {
        lock (_kept)
        {
            foreach (var value in _kept.Values) value.Dispose();
            _kept.Clear();
        }
    }
}
