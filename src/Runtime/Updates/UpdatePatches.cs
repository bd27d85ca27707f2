using System.Runtime.InteropServices;
using Lanyard.Index;
using Lanyard.Layouts;
using TorchSharp;

namespace Lanyard.Updates;

/// <summary>The patches of an update: brought from any thread, written together when nothing more comes.</summary>
internal sealed class UpdatePatches : IDisposable
{
    /// <summary>Indices are handled in runs that a span can hold with room to spare.</summary>
    private const int Run = 1 << 22;

    private readonly Lock _lock = new();
    private readonly List<SlotPatch> _patches = [];
    private readonly Dictionary<ModelTensor, IndexSet> _indices = [];

    /// <summary>Whether there are any that are not written.</summary>
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

    /// <summary>The parameters that have patches which are not written.</summary>
    public IReadOnlyCollection<ModelParameter> Parameters => [.. _patches.Select(patch => patch.Parameter).Distinct()];

    /// <summary>Whether a parameter has patches that are not written.</summary>
    public bool IsOpen(ModelParameter parameter) => _patches.Exists(patch => patch.Parameter == parameter);

    /// <summary>Writes the elements, but for those that wait.</summary>
    /// <param name="target">Where a parameter is written; null where it waits.</param>
    public void Apply(Func<ModelParameter, torch.Tensor?> target) => _patches.RemoveAll(patch =>
    {
        if (target(patch.Parameter) is not { } written) return false;
        using (patch) patch.Apply(written);
        return true;
    });

    /// <summary>Writes the elements of one parameter to a copy of it. They stay.</summary>
    public void ApplyTo(ModelParameter parameter, torch.Tensor copy)
    {
        foreach (var patch in _patches.Where(patch => patch.Parameter == parameter)) patch.Apply(copy);
    }

    public void Dispose()
    {
        foreach (var patch in _patches) patch.Dispose();
        _patches.Clear();
        _indices.Clear();
    }

    private static ReadOnlySpan<long> Indices(torch.Tensor part) => MemoryMarshal.Cast<byte, long>(part.bytes);
}
