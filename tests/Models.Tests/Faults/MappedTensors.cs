using System.IO.Hashing;
using Lanyard.Checkpoints;
using TorchSharp;

namespace Lanyard.Models.Tests.Faults;

/// <summary>Views of a checkpoint's files, and what was in them.</summary>
internal sealed class MappedTensors : IDisposable
{
    private readonly List<(torch.Tensor View, ulong Hash)> _views;

    public MappedTensors(Checkpoint checkpoint) => _views = [.. checkpoint.Tensors.Values.Select(tensor =>
    {
        var view = checkpoint.View(tensor);
        return (view, XxHash3.HashToUInt64(view.bytes));
    })];

    public bool AreUnchanged() => _views.TrueForAll(item => XxHash3.HashToUInt64(item.View.bytes) == item.Hash);

    public void Dispose() => _views.ForEach(item => item.View.Dispose());
}
