using System.Collections.Immutable;
using Lanyard.Checkpoints;
using Lanyard.Copies;
using Lanyard.Index;
using Lanyard.Layouts;
using Lanyard.Live;
using Lanyard.Maps;
using Lanyard.Memory;
using Lanyard.Updates;
using TorchSharp;

namespace Lanyard.Checksums;

/// <summary>The checksums of what a live model holds, read back through its slots.</summary>
internal sealed class HeldChecksums
{
    private readonly ModelIndex _index;
    private readonly string? _format;
    private readonly WeightUpdate? _staged;
    private readonly ImmutableArray<SlotChecksum>.Builder _slots = ImmutableArray.CreateBuilder<SlotChecksum>();
    private readonly ImmutableArray<ParameterFault>.Builder _faults = ImmutableArray.CreateBuilder<ParameterFault>();

    /// <param name="index">The model.</param>
    /// <param name="format">The format to read parameters in, or null.</param>
    /// <param name="staged">A prepared update, whose values are taken for the live ones; null for these.</param>
    /// <exception cref="ArgumentException">No parameter has the format.</exception>
    public HeldChecksums(ModelIndex index, string? format, WeightUpdate? staged = null)
    {
        FormatNames.Check(index, format);
        (_index, _format, _staged) = (index, format, staged);
    }

    /// <exception cref="ModelStateException">The model is not loaded, or something else owns it.</exception>
    public WeightChecksums Compute()
    {
        // The values of an update are its own.
        using var reading = _staged is null ? new LiveReading(_index, "checksums", "be verified") : null;
        using var noGrad = torch.no_grad();
        foreach (var module in _index.Modules) Add(module);
        return new WeightChecksums(_slots.ToImmutable())
        {
            Faults = _faults.ToImmutable(),
            Prefix = _index.Prefix,
            Generation = _index.Root.Generation + (_staged is null ? 0 : 1),
            Version = _staged is null ? _index.Root.Version : _staged.Version,
        };
    }

    private void Add(ModelModule module)
    {
        var values = _staged?.Staged(module);
        var replaced = new List<ModelParameter>();
        foreach (var parameter in module.Parameters.Where(parameter => parameter.Bound.IsPresent && parameter.Formats.Count > 0))
        {
            if (UndonePostLoad.NoWayBack(parameter, values) is { } reason) AddUnverifiable(parameter, reason);
            else if (values?.Of(parameter.Bound).IsTransformed ?? parameter.Bound.IsTransformed) replaced.Add(parameter);
            else Add([parameter], module, values);
        }

        // Together, for undoing runs the methods of the whole module.
        if (replaced.Count > 0) Add(replaced, module, values);
        values?.Drop();
    }

    private void Add(List<ModelParameter> parameters, ModelModule module, PendingValues? values)
    {
        UndonePostLoad undone;
        try
        {
            undone = new UndonePostLoad(module, parameters, values);
        }
        catch (Exception e)
        {
            // The undo is the author's and may throw anything. That costs the checksums of these parameters, and not those of the others.
            foreach (var parameter in parameters) AddUnverifiable(parameter, $"its post-load could not be undone: {e.Message}");
            return;
        }
        using (undone)
        {
            var faults = undone.Faults();
            foreach (var parameter in parameters)
            {
                if (faults.TryGetValue(parameter.Bound, out var fault)) AddUnverifiable(parameter, fault);
                else Add(parameter, undone);

                // One copy at a time, where parameters are not contiguous.
                undone.Drop(parameter);
            }
        }
    }

    private void Add(ModelParameter parameter, UndonePostLoad undone)
    {
        var value = undone.Value(parameter);
        if (!value.shape.AsSpan().SequenceEqual(parameter.Bound.ModelShape.AsSpan()))
        {
            AddUnverifiable(parameter, $"it has the shape {Shapes.Text(value.shape)} instead of {Shapes.Text(parameter.Bound.ModelShape)}");
            return;
        }
        Add(parameter, (checksum, slot) => checksum with { Hash = Hash(value, slot) });
        var format = ChosenFormat.Of(parameter, _format);
        if (ParameterPadding.Fault(parameter, format, value) is { } fault) _faults.Add(new ParameterFault(parameter.Name, fault));
        foreach (var other in ConstantValue.Lost(value, format.Constants))
            _faults.Add(new ParameterFault(parameter.Name, $"elements that are declared to be {other} have other values"));
        if (IsAbsent(parameter) && !AbsentValue.IsHeld(parameter, value))
            _faults.Add(new ParameterFault(parameter.Name, $"no tensor brought it, so that it is {parameter.Bound.Entry.Absent} by declaration, and it has other values"));
    }

    private bool IsAbsent(ModelParameter parameter) => _staged?.IsAbsent(parameter) ?? parameter.Bound.IsAbsent;

    private void AddUnverifiable(ModelParameter parameter, string reason) =>
        Add(parameter, (checksum, _) => checksum with { Reason = reason });

    private void Add(ModelParameter parameter, Func<SlotChecksum, LayoutSlot, SlotChecksum> complete)
    {
        foreach (var use in ChosenFormat.Of(parameter, _format).Uses.Where(use => !use.Slots.IsEmpty))
        {
            var checksum = Checksum(use);
            _slots.AddRange(use.Slots.Select(slot => complete(checksum with { Region = SlotRegion.Of(slot) }, slot)));
        }
    }

    /// <summary>What the checksums of all slots of a use say alike, with the region of the first.</summary>
    private SlotChecksum Checksum(TensorUse use) =>
        new(use.Tensor.Name, use.Shape, CheckpointTypes.FromScalarType(use.Parameter.Bound.ModelType), SlotRegion.Of(use.Slots[0]))
        {
            Parameter = use.Parameter.Name,
            Aliases = [.. use.Tensor.SecondNames],
            Encoding = SlotEncoding.Of(use),
            Others = Others(use),
            Absent = IsAbsent(use.Parameter) ? [.. use.Parameter.Formats.SelectMany(format => format.Uses).SelectMany(other => other.Tensor.SecondNames.Prepend(other.Tensor.Name)).Distinct()] : [],
        };

    /// <summary>How the formats that differ in nothing else store the tensor of a use.</summary>
    private static ImmutableArray<SlotEncoding> Others(TensorUse use)
    {
        if (use.Parameter.Formats.Count == 1 || use.Tensor.Uses.Count == 1) return [];
        var alike = use.Parameter.Layouts.First(group => group.Contains(use.Format));
        var own = SlotEncoding.Of(use);
        return [.. use.Tensor.Uses.Where(other => other != use && alike.Contains(other.Format) && other.HasSlotsOf(use)).Select(SlotEncoding.Of).OfType<SlotEncoding>().Where(other => other != own).Distinct()];
    }

    /// <summary>The hash of a slot of a contiguous parameter, in the order of the checkpoint tensor.</summary>
    private static UInt128 Hash(torch.Tensor value, LayoutSlot slot)
    {
        var region = StridedCopy.OutOf(slot);
        return TensorDigest.Of(value, value.dtype, region.From, region.Sizes, region.FromStrides);
    }
}
