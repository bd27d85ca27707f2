using Lanyard.Checkpoints;
using Lanyard.Copies;
using Lanyard.Index;
using Lanyard.Layouts;
using Lanyard.Live;
using Lanyard.Memory;
using Lanyard.Parts;
using TorchSharp;

namespace Lanyard.Export;

/// <summary>
/// One export of a live model. Owns the modules while it lasts.
/// </summary>
internal sealed class ModelExport : IDisposable
{
    private readonly ExportOptions _options;
    private readonly LiveReading _reading;
    private readonly ExportPlan _plan;
    private readonly UndoneModules _undone;
    private readonly HashSet<ExportLoss> _lossy = [];
    private readonly string _type;
    private readonly ParameterSet _root;

    /// <exception cref="ArgumentException">The options do not fit the model.</exception>
    /// <exception cref="ExportException">The model cannot be exported.</exception>
    /// <exception cref="ModelStateException">The model is not loaded, or something else owns it.</exception>
    public ModelExport(ModelIndex index, ExportOptions options)
    {
        (_root, _type, _options, _reading) = (index.Root, index.Root.Map.Type, options, new LiveReading(index, "an export", "be exported"));
        try
        {
            _plan = new ExportPlan(index, options);
            _undone = new UndoneModules(_plan.Parameters, faults => new ExportException($"{_type} cannot be exported", [.. faults.Select(fault => new ExportProblem(ExportProblemKind.WrongUndo, fault.Name, fault.Fault))]));
        }
        catch
        {
            _reading.Dispose();
            throw;
        }
    }

    public ExportReport Write(string directory)
    {
        using var noGrad = torch.no_grad();
        CheckConstants();
        var kept = _options.Codes ? new KeptExport(_type, _plan, _undone.Of).Tensors : [];
        var metadata = SliceMetadata.Write(_options.Metadata, _plan.Tensors.Select(tensor => (tensor.Name, tensor.Slice)), _plan.Elsewhere, _plan.Items(), _root.Version);
        var producers = _plan.Tensors.Where(tensor => !kept.ContainsKey(tensor.Name))
            .Select(tensor => new TensorProducer(tensor.Name, CheckpointTypes.FromScalarType(tensor.Type), tensor.Slice.Shape, () => Make(tensor)))
            .Concat(kept.Select(pair => new TensorProducer(pair.Key, CheckpointTypes.FromScalarType(pair.Value.dtype), [.. pair.Value.shape], () => pair.Value.alias().DetachFromDisposeScope())))
            .OrderBy(tensor => tensor.Name, StringComparer.Ordinal).ToList();
        var files = CheckpointWriter.WriteDirectory(directory, producers, metadata.Count > 0 ? metadata : null, _options.MaxFileBytes);
        var bytes = producers.Sum(tensor => tensor.Shape.Aggregate((long)tensor.DType.Size(), (length, size) => length * size));
        return new ExportReport([.. files], producers.Count, bytes, [.. _lossy.OrderBy(loss => loss.Tensor, StringComparer.Ordinal).ThenBy(loss => loss.Kind)]) { Generation = _root.Generation, Version = _root.Version };
    }

    public void Dispose()
    {
        // First: the model is put back before another may take it.
        _undone.Dispose();
        _reading.Dispose();
    }

    private torch.Tensor Make(ExportTensor tensor)
    {
        using var noGrad = torch.no_grad();
        using var scope = torch.NewDisposeScope();

        // Zeros, because of padding that the checkpoint's layout may have.
        var values = torch.zeros([.. tensor.Slice.Shape], tensor.Values);
        foreach (var use in tensor.Uses)
        {
            var parameter = _undone.Of(use.Parameter.Module).Value(use.Parameter);
            foreach (var slot in use.Slots) SlotCopy.Read(parameter, values, slot, use.Source.Offset);
            if (!use.Whole.Encoding.HasParts || use.Source.Encoding is not null || use.Parameter.Bound.IsDecoded) Lose(tensor, ExportLossKind.Decoded);
            if (use.Source.Offset != 0) Lose(tensor, ExportLossKind.Offset);
            if (use.Source.Cast) Lose(tensor, ExportLossKind.Cast);
        }
        if (tensor.IsShared) CheckShared(tensor, values);
        if (tensor.Type == tensor.Values) return values.DetachFromDisposeScope();
        var written = values.to_type(tensor.Type);
        if (tensor.Narrows && !TensorBits.Survives(values, written)) Lose(tensor, ExportLossKind.Narrowed);
        return written.DetachFromDisposeScope();
    }

    /// <summary>Compares what a format does not store with what it would be after a load.</summary>
    private void CheckConstants()
    {
        var problems = new List<ExportProblem>();
        foreach (var (parameter, format) in _plan.Constant)
        {
            // What post-load made of a parameter that gives nothing here need not have a way back.
            if (parameter.Bound.IsTransformed && !_undone.Has(parameter)) continue;
            var value = _undone.Of(parameter.Module).Value(parameter);
            problems.AddRange(ConstantValue.Lost(value, format.Constants)
                .Select(other => new ExportProblem(ExportProblemKind.NoConstant, parameter.Name, $"elements that are declared to be {other} have other values, and no tensor {(format.Name.Length == 0 ? "" : $"of the format \"{format.Name}\" ")}stores them: write a format that does (ExportOptions.Format)")));
        }
        if (problems.Count > 0) throw new ExportException($"{_type} cannot be exported", [.. problems]);
    }

    /// <summary>Compares what several places hold of the same elements: only one of them can be written.</summary>
    private void CheckShared(ExportTensor tensor, torch.Tensor values)
    {
        foreach (var use in tensor.Uses)
        {
            var parameter = _undone.Of(use.Parameter.Module).Value(use.Parameter);
            foreach (var slot in use.Slots)
            {
                // Only what lies in the slot, for there are as many as places.
                var region = StridedCopy.OutOf(slot);
                using var written = values.as_strided([.. region.Sizes], [.. region.ToStrides], values.storage_offset() + region.To);
                using var again = torch.empty([.. region.Sizes], values.dtype);
                SlotCopy.Read(parameter, again, Alone(slot, region), use.Source.Offset);
                if (TensorBits.Equal(written, again)) continue;
                throw new ExportException($"{_type} cannot be exported", [new ExportProblem(ExportProblemKind.Overlap, tensor.Name, $"the same elements have other values in other places of {ExportPlan.Takers(tensor.Uses)}, and the checkpoint has room for one")]);
            }
        }
    }

    /// <summary>The slot of a tensor that has its elements alone, in their order.</summary>
    private static LayoutSlot Alone(LayoutSlot slot, StridedCopy region) =>
        new(slot.Tensor, region.Sizes, 0, [.. Shapes.Strides(region.Sizes)], slot.ParameterOffset, region.FromStrides);

    private void Lose(ExportTensor tensor, ExportLossKind kind) => _lossy.Add(new ExportLoss(tensor.Name, kind));
}
