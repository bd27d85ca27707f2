using System.Collections.Immutable;
using Lanyard.Layouts;

namespace Lanyard.Index;

/// <summary>Which tensors bring what was placed on a rank by a change of placement and has not come.</summary>
internal static class MissingPlaces
{
    /// <summary>The tensors that a parameter needs in one of its formats.</summary>
    public static ImmutableHashSet<ModelTensor> Of(ModelParameter parameter, ParameterFormat format)
    {
        var set = parameter.Module.Set;
        if (set.Missing.IsEmpty || !parameter.Bound.IsPresent) return [];
        var names = Nodes.AxesOf(Pattern.Parse(parameter.Bound.Entry.Storage).Items).Select(axis => axis.Name).Where(set.Missing.ContainsKey).Distinct().SelectMany(axis => Names(parameter, format, axis)).ToHashSet(StringComparer.Ordinal);
        return [.. format.Uses.Where(use => names.Contains(use.LocalName)).SelectMany(use => use.Companions.Prepend(use.Tensor))];
    }

    /// <summary>The tensors that some modules need, in the first format of each parameter, for messages.</summary>
    public static string Text(IEnumerable<ModelModule> modules) => string.Join(", ", NameFolding.Shown(Names(modules)));

    /// <summary>The names of the tensors that some modules need, in the first format of each parameter.</summary>
    public static IEnumerable<string> Names(IEnumerable<ModelModule> modules) =>
        modules.SelectMany(module => module.Parameters).Where(parameter => parameter.Formats.Count > 0).SelectMany(parameter => Of(parameter, parameter.Formats[0])).Select(tensor => tensor.Name).Distinct();

    /// <summary>Those of a parameter in a format, by their names below the module, of which an element lies at one of the missing indices of an axis.</summary>
    private static IEnumerable<string> Names(ModelParameter parameter, ParameterFormat format, string axis)
    {
        var set = parameter.Module.Set;
        CheckpointSource[] sources = [.. format.Uses.Select(use => use.Source).Distinct()];
        ImmutableArray<Axis> missing = [.. set.Axes.Select(other => other.Name == axis ? other with { Held = AxisShare.List(set.Missing[axis]) } : other)];
        try
        {
            var plan = ModelIndex.Resolve(parameter, sources, missing);
            return [.. plan.Slots.Select(slot => plan.Tensors[slot.Tensor].Name)];
        }
        catch (InvalidOperationException error) when (error.InnerException is LayoutException)
        {
            // They cut a block, all together or not.
            return format.Uses.Where(use => !use.Slots.IsEmpty).Select(use => use.LocalName);
        }
    }
}
