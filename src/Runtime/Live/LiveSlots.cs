using System.Collections.Immutable;
using Lanyard.Index;
using TorchSharp;

namespace Lanyard.Live;

/// <summary>Finds where checkpoint tensors lie in the memory of a live model.</summary>
internal static class LiveSlots
{
    /// <summary>Those of all tensors of a model, each parameter in a format.</summary>
    /// <param name="index">The model.</param>
    /// <param name="format">The format; null for the first of each parameter.</param>
    /// <exception cref="ArgumentException">No parameter has the format.</exception>
    /// <exception cref="ModelStateException">A parameter was given other memory behind its property, or was disposed.</exception>
    public static ImmutableArray<TensorSlots> Of(ModelIndex index, string? format)
    {
        FormatNames.Check(index, format);
        LiveForms.Check(index);
        return
        [
            .. from parameter in index.Parameters.Concat(index.Elsewhere)
               where parameter.Formats.Count > 0
               from uses in ChosenFormat.Of(parameter, format).Uses.GroupBy(use => use.Tensor)
               from slots in uses.First().Companions.Distinct().Select(companion => Beside(companion, uses.First())).Prepend(Of(parameter, [.. uses]))
               select slots,
        ];
    }

    /// <summary>Those of one tensor in one parameter.</summary>
    /// <param name="parameter">The parameter.</param>
    /// <param name="uses">What it takes of the tensor, in one format.</param>
    public static TensorSlots Of(ModelParameter parameter, ImmutableArray<TensorUse> uses)
    {
        var why = NotInMemory(parameter, uses[0]);
        var slots = Slots(uses[0].Tensor, uses[0].Stored, parameter, why);
        if (why is not null) return slots;
        var form = parameter.Bound.Form!;
        return Slots(
            uses[0].Tensor,
            uses[0].Stored,
            parameter,
            null,
            [.. uses.SelectMany(use => use.Slots).OrderBy(slot => slot.ParameterOffset).Select(slot => new MemoryRegion(slot, form.Address, form.ElementSize))]);
    }

    /// <summary>Why the elements of a tensor are not in the memory of a parameter as they are stored, or null.</summary>
    public static string? NotInMemory(ModelParameter parameter, TensorUse use)
    {
        var bound = parameter.Bound;
        if (bound.IsElsewhere) return $"the parameter {bound.Elsewhere}";
        if (bound.IsTransformed) return $"replaced by {string.Join(" and ", bound.Makers)}, which runs after each load";
        if (!use.Encoding.IsPlain) return $"its values are decoded: it is stored as {use.Encoding.Declared!.Name}";
        if (bound.Form is not { IsMeta: false } form) return "the parameter is on the meta device, which keeps no values";
        return form.IsContiguous ? null : $"the parameter is {form}, so that its elements do not lie in order";
    }

    private static TensorSlots Beside(ModelTensor companion, TensorUse use) =>
        Slots(companion, [], use.Parameter, $"it stands beside {use.Tensor.Name}, whose values are decoded");

    private static TensorSlots Slots(ModelTensor tensor, ImmutableArray<long> shape, ModelParameter parameter, string? why, ImmutableArray<MemoryRegion> regions = default) => new()
    {
        Tensor = tensor.Name,
        Shape = shape,
        ParameterName = parameter.Name,
        Parameter = parameter.Bound,
        Type = parameter.Bound.Form?.Type ?? parameter.Bound.ModelType,
        Device = parameter.Bound.HasValue ? parameter.Bound.Held.device : torch.CPU,
        Regions = regions.IsDefault ? [] : regions,
        NotInMemory = why,
    };
}
