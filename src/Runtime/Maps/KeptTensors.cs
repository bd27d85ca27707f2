using System.Collections.Immutable;
using TorchSharp;

namespace Lanyard.Maps;

/// <summary>A stored tensor that values were decoded from, and those beside it, as they came.</summary>
internal sealed class KeptTensors : IDisposable
{
    private readonly long _bytes;

    /// <param name="codes">The stored tensor; it is disposed with this.</param>
    /// <param name="companions">Those beside it, in the order of the encoding; they, too. Null for one that was absent.</param>
    public KeptTensors(torch.Tensor codes, ImmutableArray<torch.Tensor?> companions)
    {
        (Codes, Companions) = (codes, companions);
        _bytes = Math.Max(1, companions.Add(codes).OfType<torch.Tensor>().Sum(tensor => tensor.numel() * tensor.element_size()));

        // A model that is disposed leaves it to the garbage collector, which does not see native memory by itself.
        GC.AddMemoryPressure(_bytes);
    }

    ~KeptTensors() => GC.RemoveMemoryPressure(_bytes);

    public torch.Tensor Codes { get; }

    public ImmutableArray<torch.Tensor?> Companions { get; }

    public void Dispose()
    {
        Codes.Dispose();
        foreach (var companion in Companions) companion?.Dispose();
        GC.RemoveMemoryPressure(_bytes);
        GC.SuppressFinalize(this);
    }
}
