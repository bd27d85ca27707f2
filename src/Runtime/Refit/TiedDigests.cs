using TorchSharp;

namespace Lanyard;

/// <summary>What came under the first name of each tied tensor, so that the second can be compared without keeping either.</summary>
internal sealed class TiedDigests
{
    private readonly Lock _lock = new();
    private readonly Dictionary<ModelTensor, (UInt128 Bits, torch.ScalarType Type, string Shape)> _digests = [];

    /// <summary>Whether a tied tensor is what it was under its other name.</summary>
    public bool Agrees(ModelTensor tensor, torch.Tensor value)
    {
        var digest = (TensorDigest.Of(value), value.dtype, Shapes.Text(value.shape));
        lock (_lock) return _digests.TryAdd(tensor, digest) || _digests[tensor] == digest;
    }
}
