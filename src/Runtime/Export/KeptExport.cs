using System.Collections.Immutable;
using Lanyard.Encodings;
using Lanyard.Index;
using Lanyard.Live;
using Lanyard.Memory;
using Lanyard.Updates;
using TorchSharp;

namespace Lanyard.Export;

/// <summary>
/// What an export of codes writes as it came: stored tensors that parameters were decoded from, and those beside them. Whether they still
/// make what the parameters hold is found out by decoding them again, one parameter at a time.
/// </summary>
internal sealed class KeptExport
{
    private readonly Dictionary<string, (torch.Tensor Tensor, ModelParameter Parameter)> _kept = new(StringComparer.Ordinal);
    private readonly List<ExportProblem> _problems = [];
    private readonly ExportPlan _plan;

    /// <param name="type">The type of the model.</param>
    /// <param name="plan">What would be written without codes.</param>
    /// <param name="undone">A module as it was loaded.</param>
    /// <exception cref="ExportException">There are codes that were not kept, or that make other values; all are listed.</exception>
    public KeptExport(string type, ExportPlan plan, Func<ModelModule, UndonePostLoad> undone)
    {
        _plan = plan;
        foreach (var use in Uses) Find(use.Whole);
        var compared = Uses.Select(use => use.Whole).Where(use => IsKept(use)).ToLookup(use => use.Parameter);
        foreach (var module in compared.GroupBy(uses => uses.Key.Module))
        {
            var loaded = undone(module.Key);
            foreach (var uses in module) Compare(loaded.Value(uses.Key), [.. uses]);
        }
        if (_problems.Count > 0) throw new ExportException($"{type} cannot be exported with its codes", [.. _problems]);
    }

    /// <summary>The tensors, by their full names as they are written. They are not the caller's.</summary>
    public Dictionary<string, torch.Tensor> Tensors => _kept.ToDictionary(kept => _plan.Written(kept.Key), kept => kept.Value.Tensor);

    private IEnumerable<ExportUse> Uses => _plan.Tensors.SelectMany(tensor => tensor.Uses);

    /// <summary>Finds what was kept for a use, or says why nothing was.</summary>
    private void Find(TensorUse use)
    {
        var bound = use.Parameter.Bound;
        if (bound.IsDecoded)
        {
            Report(ExportProblemKind.NoCodes, use, "was loaded from blocks of GGUF, which are not kept");
        }
        else if (!use.Encoding.IsPlain && !use.Parameter.Module.Set.Topology.IsWhole)
        {
            Report(ExportProblemKind.NoCodes, use, "is on a rank of several, which holds parts of the values and keeps no codes");
        }
        else if (!use.Encoding.IsPlain && !bound.Kept.ContainsKey(Key(use)))
        {
            Report(ExportProblemKind.NoCodes, use, $"has none in {Name(use.Format)}: bring it whole with LoadOptions.KeepCodes, or write it in a format that is not encoded (ExportOptions.Format); values are not encoded");
        }
        else if (!use.Encoding.IsPlain)
        {
            var kept = bound.Kept[Key(use)];
            Add(use.Tensor.Name, kept.Codes, use.Parameter);
            for (var i = 0; i < use.Companions.Length; i++)
            {
                if (kept.Companions[i] is { } companion) Add(use.Companions[i].Name, companion, use.Parameter);
            }
        }
    }

    /// <summary>One tensor may serve several: they must have come with the same one.</summary>
    private void Add(string name, torch.Tensor tensor, ModelParameter parameter)
    {
        if (_kept.TryAdd(name, (tensor, parameter)) || IsSame(_kept[name].Tensor, tensor)) return;
        _problems.Add(new ExportProblem(ExportProblemKind.Overlap, name, $"{_kept[name].Parameter.Bound} ({_kept[name].Parameter.Name}) and {parameter.Bound} ({parameter.Name}) were decoded with different ones, and the checkpoint has room for one"));
    }

    /// <summary>Compares what a parameter holds with what would be loaded into it, bit for bit.</summary>
    private void Compare(torch.Tensor value, ImmutableArray<TensorUse> uses)
    {
        if (Makes(value, uses)) return;
        foreach (var use in uses)
        {
            if (!Makes(value, [use])) Report(ExportProblemKind.NewValues, use, "has other values than the codes that were kept make: it was patched or written to since. New values are not encoded: export without codes");
        }
    }

    private bool Makes(torch.Tensor value, ImmutableArray<TensorUse> uses)
    {
        using var made = value.clone();
        foreach (var use in uses)
        {
            var stored = _kept[use.Tensor.Name].Tensor;
            if (!use.HasShape([.. stored.shape])) return false;
            if (use.Encoding.IsPlain)
            {
                foreach (var slot in use.Slots) SlotCopy.Write(stored, made, slot);
                continue;
            }
            using var decoded = new DecodedTensor(use.Encoding, use.Shape, stored, stored.dtype, [.. use.Companions.Select(companion => _kept.GetValueOrDefault(companion.Name).Tensor)]);
            DecodedSlots.Write(use, decoded.Values, made, TensorAddress.Reach(made));
        }
        return TensorBits.Equal(value, made);
    }

    /// <summary>Whether the tensor is written as it came; so is one beside codes that a parameter reads by itself.</summary>
    private bool IsKept(TensorUse use) => _kept.ContainsKey(use.Tensor.Name) && use.Companions.Index().All(companion => use.Encoding.Companions[companion.Index].Absent is not null || _kept.ContainsKey(companion.Item.Name));

    private static bool IsSame(torch.Tensor a, torch.Tensor b) =>
        a.dtype == b.dtype && a.shape.AsSpan().SequenceEqual(b.shape) && (TensorAddress.Reach(a) is not 0 and var address && address == TensorAddress.Reach(b) || TensorBits.Equal(a, b));

    private static (CheckpointSource Source, string Name) Key(TensorUse use) => (use.Source, use.LocalName);

    private static string Name(ParameterFormat format) => format.Name.Length == 0 ? "the format without a name" : $"the format \"{format.Name}\"";

    private void Report(ExportProblemKind kind, TensorUse use, string detail) => _problems.Add(new ExportProblem(kind, use.Tensor.Name, $"{use.Parameter.Bound} ({use.Parameter.Name}) {detail}"));
}
