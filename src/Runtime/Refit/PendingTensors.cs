using TorchSharp;

namespace Lanyard;

/// <summary>What a refit session must remember between calls: halves of quantised tensors, and the digests of tied ones.</summary>
internal sealed class PendingTensors : IDisposable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<ModelTensor, torch.Tensor> _halves = [];
    private readonly Dictionary<ModelTensor, UInt128> _digests = [];

    /// <summary>Keeps a copy of a tensor whose elements or scales have not come yet.</summary>
    public void Keep(ModelTensor tensor, torch.Tensor value)
    {
        lock (_lock) _halves.TryAdd(tensor, value.clone().DetachFromDisposeScope());
    }

    /// <summary>The copy of a tensor that came before, or null.</summary>
    public torch.Tensor? Find(ModelTensor tensor)
    {
        lock (_lock) return _halves.GetValueOrDefault(tensor);
    }

    /// <summary>Whether a tied tensor has the bits that it had under its other name.</summary>
    public bool Agrees(ModelTensor tensor, torch.Tensor value)
    {
        var digest = TensorDigest.Of(value);
        lock (_lock) return _digests.TryAdd(tensor, digest) || _digests[tensor] == digest;
    }

    public void Dispose()
    {
        foreach (var half in _halves.Values) half.Dispose();
        _halves.Clear();
    }
}
