using System.IO.Hashing;
using TorchSharp;

namespace Lanyard;

/// <summary>A digest of a tensor's bits, with XXH3 of 128 bits: equal bits have equal digests, and others hardly ever.</summary>
internal static class TensorDigest
{
    private const long ChunkBytes = 1 << 30;

    /// <param name="tensor">A contiguous tensor, of any size.</param>
    public static UInt128 Of(torch.Tensor tensor)
    {
        using var noGrad = torch.no_grad();
        using var flat = tensor.cpu().flatten();
        var hash = new XxHash128();
        var elements = ChunkBytes / flat.element_size();
        for (var start = 0L; start < flat.numel(); start += elements)
        {
            using var chunk = flat.narrow(0, start, Math.Min(elements, flat.numel() - start));
            hash.Append(chunk.bytes);
        }
        return hash.GetCurrentHashAsUInt128();
    }
}
