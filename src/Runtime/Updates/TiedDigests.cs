using Lanyard.Encodings;
using Lanyard.Index;
using Lanyard.Memory;
using TorchSharp;

namespace Lanyard.Updates;

/// <summary>What came under the first name of each tied tensor, so that the second can be compared without keeping either.</summary>
internal sealed class TiedDigests
{
    private readonly Lock _lock = new();
    private readonly Dictionary<(ModelTensor, string), (UInt128 Bits, StoredType Type, string Shape)> _digests = [];

    /// <summary>Whether a tied tensor is what it was under its other name.</summary>
    /// <param name="tensor">The tensor.</param>
    /// <param name="place">Which part of it comes; empty for the whole.</param>
    /// <param name="value">What comes; of blocks, their bytes.</param>
    /// <param name="type">Its type.</param>
    public bool Agrees(ModelTensor tensor, string place, torch.Tensor value, StoredType type)
    {
        var digest = (TensorDigest.Of(value), type, Shapes.Text(value.shape));
        lock (_lock) return _digests.TryAdd((tensor, place), digest) || _digests[(tensor, place)] == digest;
    }
}
