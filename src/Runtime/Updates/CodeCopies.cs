using System.Collections.Concurrent;
using System.Collections.Immutable;
using Lanyard.Index;
using Lanyard.Maps;
using TorchSharp;

namespace Lanyard.Updates;

/// <summary>Copies of what an update decodes, where it was asked to keep them: whole stored tensors, each once, however many it serves.</summary>
/// <param name="keeps">Whether it was asked to.</param>
internal sealed class CodeCopies(bool keeps) : IDisposable
{
    private readonly ConcurrentDictionary<ModelTensor, Lazy<torch.Tensor>> _copies = [];
    private readonly ConcurrentDictionary<BoundParameter, ConcurrentQueue<TensorUse>> _uses = [];

    /// <summary>Copies what a use was decoded from.</summary>
    /// <param name="use">The use.</param>
    /// <param name="codes">The stored tensor, contiguous.</param>
    /// <param name="companions">Those beside it, in the order of the encoding; null for one that is absent.</param>
    public void Keep(TensorUse use, torch.Tensor codes, IReadOnlyList<torch.Tensor?> companions)
    {
        // A part is a use of its own.
        if (!keeps || !use.Parameter.Module.Set.Topology.IsWhole || !use.Tensor.Uses.Exists(known => ReferenceEquals(known, use))) return;
        Copy(use.Tensor, codes);
        for (var i = 0; i < companions.Count; i++)
        {
            if (companions[i] is { } companion) Copy(use.Companions[i], companion);
        }
        _uses.GetOrAdd(use.Parameter.Bound, static _ => []).Enqueue(use);
    }

    /// <summary>Gives a parameter the copies of what its new value was decoded from.</summary>
    /// <param name="bound">The parameter.</param>
    /// <param name="format">The format that was written; null where none was.</param>
    /// <param name="whole">Whether nothing of the old value is left.</param>
    public void Give(BoundParameter bound, ParameterFormat? format, bool whole)
    {
        var uses = keeps ? _uses.GetValueOrDefault(bound) : null;
        if (uses is null && bound.Kept.IsEmpty) return;
        bound.Keep(
            (uses ?? []).ToDictionary(use => (use.Source, use.LocalName), use => new KeptTensors(Shared(use.Tensor), [.. use.Companions.Select(companion => _copies.ContainsKey(companion) ? Shared(companion) : null)])),
            source => keeps && !whole && source.Format == format?.Name);
    }

    public void Dispose()
    {
        foreach (var copy in _copies.Values) copy.Value.Dispose();
        _copies.Clear();
        _uses.Clear();
    }

    /// <summary>The memory of a copy, which is freed with the last tensor over it.</summary>
    private torch.Tensor Shared(ModelTensor tensor) => _copies[tensor].Value.alias().DetachFromDisposeScope();

    private void Copy(ModelTensor tensor, torch.Tensor value) => _ = _copies.GetOrAdd(tensor, static (_, value) => new Lazy<torch.Tensor>(() => Copied(value)), value).Value;

    private static torch.Tensor Copied(torch.Tensor value)
    {
        using var bare = value.detach();
        return (bare.device_type == DeviceType.CPU ? bare.clone() : bare.cpu()).DetachFromDisposeScope();
    }
}
