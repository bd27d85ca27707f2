using System.Runtime.InteropServices;
using Lanyard.Index;
using Lanyard.Layouts;
using TorchSharp;

namespace Lanyard.Updates;

/// <summary>The patches of an update: brought from any thread, written together at the commit, and taken back if it fails.</summary>
internal sealed class UpdatePatches : IDisposable
{
    /// <summary>Indices are handled in runs that a span can hold with room to spare.</summary>
    private const int Run = 1 << 22;

    private readonly Lock _lock = new();
    private readonly List<SlotPatch> _patches = [];
    private readonly List<(SlotPatch Back, torch.Tensor Target)> _applied = [];
    private readonly Dictionary<ModelTensor, IndexSet> _indices = [];

    /// <summary>Whether there are any.</summary>
    public bool Any
    {
        get
        {
            lock (_lock) return _patches.Count > 0;
        }
    }

    /// <summary>Enters indices of a tensor. Returns what is wrong with them, or null.</summary>
    /// <param name="tensor">The tensor.</param>
    /// <param name="indices">The indices, int64 [count], contiguous and on the CPU.</param>
    /// <param name="elements">The number of elements that they index.</param>
    public string? Enter(ModelTensor tensor, torch.Tensor indices, long elements)
    {
        lock (_lock)
        {
            if (!_indices.TryGetValue(tensor, out var known)) _indices.Add(tensor, known = new IndexSet(elements));
            for (var at = 0L; at < indices.numel(); at += Run)
            {
                using var part = indices.narrow(0, at, Math.Min(Run, indices.numel() - at));
                if (known.Add(Indices(part)) is { } fault) return fault;
            }
            return null;
        }
    }

    /// <summary>What is wrong with elements that no parameter has, since they are padding: they are zero. Null where nothing is.</summary>
    /// <param name="tensor">The tensor.</param>
    /// <param name="indices">Indices that were entered.</param>
    /// <param name="values">Their values [count], contiguous and on the CPU.</param>
    /// <param name="elements">The number of elements that they index.</param>
    public static string? Padding(ModelTensor tensor, torch.Tensor indices, torch.Tensor values, long elements)
    {
        foreach (var use in tensor.Uses.Where(use => !use.Padding.IsEmpty && use.Shape.Aggregate(1L, (count, size) => count * size) == elements))
        {
            for (var at = 0L; at < indices.numel(); at += Run)
            {
                using torch.Tensor part = indices.narrow(0, at, Math.Min(Run, indices.numel() - at)), chosen = values.narrow(0, at, part.numel());
                foreach (var region in use.Padding)
                {
                    using var hit = SlotPatch.Of(use.Parameter, region, Indices(part), chosen);
                    using var scope = torch.NewDisposeScope();
                    if (hit.Values.count_nonzero().ReadInt64() == 0) continue;
                    var first = hit.Values.nonzero()[0, 0].ReadInt64();
                    return $"{PaddedElements.Text(hit.Values[first].to_type(torch.ScalarType.Float64).ReadDouble(), hit.Positions[first].ReadInt64(), use.Shape)}, where \"{use.Source.Pattern}\" has padding, which is zero";
                }
            }
        }
        return null;
    }

    /// <summary>Adds the elements that the slots of a use take.</summary>
    /// <param name="use">The use.</param>
    /// <param name="indices">Indices that were entered.</param>
    /// <param name="values">Their values [count], contiguous and on the CPU.</param>
    /// <param name="lost">How many of them are finite, and become infinite by rounding.</param>
    /// <returns>The number of elements.</returns>
    public long Add(TensorUse use, torch.Tensor indices, torch.Tensor values, out long lost)
    {
        var taken = 0L;
        lost = 0;
        for (var at = 0L; at < indices.numel(); at += Run)
        {
            using torch.Tensor part = indices.narrow(0, at, Math.Min(Run, indices.numel() - at)), chosen = values.narrow(0, at, part.numel());
            foreach (var slot in use.Slots)
            {
                var patch = SlotPatch.Of(use.Parameter, slot, Indices(part), chosen);
                taken += patch.Positions.numel();
                lost += NarrowedValues.Lost(patch.Values, 0, use.Parameter.Bound.ModelType, [new LayoutSlot(0, [patch.Values.numel()], 0, [1], 0, [1])]);
                lock (_lock) _patches.Add(patch);
            }
        }
        return taken;
    }

    /// <summary>Writes the elements, remembering the old ones.</summary>
    /// <param name="target">Where a parameter is written.</param>
    public void Apply(Func<ModelParameter, torch.Tensor> target)
    {
        foreach (var patch in _patches)
        {
            var written = target(patch.Parameter);
            _applied.Add((patch.Apply(written), written));
        }
    }

    /// <summary>Puts the old elements back.</summary>
    public void TakeBack()
    {
        foreach (var (back, target) in _applied)
        {
            if (!target.IsInvalid) back.Apply(target).Dispose();
        }
    }

    public void Dispose()
    {
        foreach (var patch in _patches) patch.Dispose();
        foreach (var (back, _) in _applied) back.Dispose();
        _patches.Clear();
        _applied.Clear();
        _indices.Clear();
    }

    private static ReadOnlySpan<long> Indices(torch.Tensor part) => MemoryMarshal.Cast<byte, long>(part.bytes);
}
