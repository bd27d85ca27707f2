using System.Collections.Immutable;
using TorchSharp;

namespace Lanyard.Encodings;

/// <summary>A stored tensor, with those beside it, in main memory, whose values are decoded when they are asked for.</summary>
internal sealed class DecodedTensor : IDisposable
{
    private readonly List<torch.Tensor> _own = [];

    /// <param name="encoding">How the elements are stored.</param>
    /// <param name="shape">The shape of the values.</param>
    /// <param name="stored">The tensor, whole and contiguous, on any device; of blocks, their bytes.</param>
    /// <param name="type">The type of its elements.</param>
    /// <param name="companions">The tensors beside it, in the order of the encoding, of shapes and types that were admitted; null for one that is absent.</param>
    /// <exception cref="InvalidDataException">What is in a companion contradicts the encoding.</exception>
    public DecodedTensor(TensorEncoding encoding, ImmutableArray<long> shape, torch.Tensor stored, StoredType type, IReadOnlyList<torch.Tensor?> companions)
    {
        using var noGrad = torch.no_grad();
        try
        {
            var codes = Near(stored);
            if (type.Blocks is { } blocks)
            {
                Values = new GgufTensor(blocks, codes);
                if (encoding.IsPlain) return;

                // Norms that are stored minus one: small.
                codes = Kept(Values.All(shape));
            }
            Values = encoding.Decode(shape, codes, [.. companions.Select(companion => companion is null ? null : Near(companion))]);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public IDecodedValues Values { get; }

    public void Dispose() => _own.ForEach(tensor => tensor.Dispose());

    private torch.Tensor Near(torch.Tensor tensor)
    {
        if (tensor.device_type == DeviceType.CPU && tensor.is_contiguous()) return tensor;
        using var near = tensor.cpu();
        return Kept(near.contiguous());
    }

    private torch.Tensor Kept(torch.Tensor tensor)
    {
        _own.Add(tensor.DetachFromDisposeScope());
        return tensor;
    }
}
