using System.Collections.Immutable;
using Lanyard.Layouts;

namespace Lanyard.Index;

/// <summary>Which tensors bring what was placed on a rank by a change of placement and has not come.</summary>
internal static class MissingPlaces
{
    /// <summary>The tensors that a parameter needs in one of its formats.</summary>
    public static ImmutableHashSet<ModelTensor> Of(ModelParameter parameter, ParameterFormat format) =>
        parameter.Module.Set is { Missing.IsEmpty: false } set ? Of(parameter, format, set.Axes, set.Missing) : [];

    /// <inheritdoc cref="Of(ModelParameter, ParameterFormat)"/>
    /// <param name="parameter">The parameter.</param>
    /// <param name="format">The format.</param>
    /// <param name="axes">The axes, with what the rank holds.</param>
    /// <param name="missing">The indices of each axis that have not come.</param>
    public static ImmutableHashSet<ModelTensor> Of(ModelParameter parameter, ParameterFormat format, ImmutableArray<Axis> axes, ImmutableDictionary<string, ImmutableArray<long>> missing)
    {
        if (!parameter.Bound.IsPresent || parameter.Bound.IsAbsent) return [];
        var names = Nodes.AxesOf(Pattern.Parse(parameter.Bound.Storage).Items).Select(axis => axis.Name).Where(missing.ContainsKey).Distinct().SelectMany(axis => Names(parameter, format, axes, axis, missing[axis])).ToHashSet(StringComparer.Ordinal);
        return [.. format.Uses.Where(use => names.Contains(use.LocalName)).SelectMany(use => use.Companions.Prepend(use.Tensor))];
    }

    /// <summary>The tensors that some modules need, in the first format of each parameter, for messages.</summary>
    public static string Text(IEnumerable<ModelModule> modules) => string.Join(", ", NameFolding.Shown(Names(modules)));

    /// <summary>The names of the tensors that some modules need, in the first format of each parameter and in its order.</summary>
    public static IEnumerable<string> Names(IEnumerable<ModelModule> modules) =>
        modules.SelectMany(module => module.Parameters).Where(parameter => parameter.Formats.Count > 0).SelectMany(parameter => InOrder(parameter.Formats[0], Of(parameter, parameter.Formats[0]))).Select(tensor => tensor.Name).Distinct();

    // A set of tensors has another order in each process.
    private static IEnumerable<ModelTensor> InOrder(ParameterFormat format, ImmutableHashSet<ModelTensor> tensors) =>
        tensors.IsEmpty ? [] : format.Uses.SelectMany(use => use.Companions.Prepend(use.Tensor)).Where(tensors.Contains);

    /// <summary>Those of a parameter in a format, by their names below the module, of which an element lies at one of the missing indices of an axis.</summary>
    private static IEnumerable<string> Names(ModelParameter parameter, ParameterFormat format, ImmutableArray<Axis> axes, string axis, ImmutableArray<long> indices)
    {
        CheckpointSource[] sources = [.. format.Uses.Select(use => use.Source).Distinct()];
        try
        {
            // Without any index of the axis there is left what does not lie along it.
            var (missing, others) = (Elements(AxisShare.List(indices)), Elements(AxisShare.List([])));
            return missing.Where(tensor => tensor.Value > others.GetValueOrDefault(tensor.Key)).Select(tensor => tensor.Key);
        }
        catch (InvalidOperationException error) when (error.InnerException is LayoutException)
        {
            // They cut a block, all together or not.
            return format.Uses.Where(use => !use.Slots.IsEmpty).Select(use => use.LocalName);
        }

        Dictionary<string, long> Elements(AxisShare held)
        {
            var plan = ModelIndex.Resolve(parameter, sources, [.. axes.Select(other => other.Name == axis ? other with { Held = held } : other)]);
            return plan.Slots.GroupBy(slot => plan.Tensors[slot.Tensor].Name).ToDictionary(slots => slots.Key, slots => slots.Sum(slot => slot.Count), StringComparer.Ordinal);
        }
    }
}
