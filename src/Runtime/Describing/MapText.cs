using System.Collections.Immutable;
using Lanyard.Index;
using Lanyard.Layouts;

namespace Lanyard.Describing;

/// <summary>What a class declares beside its parameters, as text.</summary>
internal static class MapText
{
    /// <param name="map">The map of the class.</param>
    /// <param name="axes">Its axes; null where they cannot be told.</param>
    /// <param name="prefixes">What stands before the names of the modules that are shown.</param>
    public static IEnumerable<string> Lines(ModuleMap map, ImmutableArray<Axis>? axes, ImmutableArray<ModulePrefix> prefixes)
    {
        if (axes is { IsEmpty: false } known) yield return $"axes: {string.Join(", ", known.Select(Text))}";
        foreach (var prefix in map.Prefixes)
            yield return prefix.Convention.Length == 0 ? $"names may begin with \"{prefix.Prefix}\"" : $"names begin with \"{prefix.Prefix}\" in convention \"{prefix.Convention}\"";
        foreach (var name in map.ChildNames.Where(name => name.Convention.Length > 0))
            yield return $"{name.Child} is named \"{name.Name}\" in convention \"{name.Convention}\"{(name.Format.Length == 0 ? "" : $", format \"{name.Format}\"")}";
        var before = string.Join(" and ", NameFolding.Shown(prefixes.Select(prefix => prefix.Default)));
        foreach (var alias in map.Aliases) yield return $"{before}{alias.Alias} is another name of {before}{alias.Name}";
        foreach (var ignore in map.Ignores)
            yield return $"ignored: {before}{ignore.Pattern}{(ignore.Numbered ? ", for the numbers that a module says" : "")}{(ignore.Conditional ? ", where a condition holds" : "")}{(ignore.Optional ? "" : ", which must be there")}";
    }

    private static string Text(Axis axis)
    {
        var (runs, held) = (axis.Held.Runs(axis.Size), axis.Held.Count(axis.Size));
        var padding = held - runs.Sum(run => run.Count);
        var isWhole = padding == 0 && runs is [{ Start: 0, Step: 1 } only] && only.Count == axis.Size;
        var here = runs.IsEmpty ? "nothing" : string.Join(", ", runs.Select(run => run.Count == 1 ? $"{run.Start}" : $"{run.Start}..{run.Last}{(run.Step == 1 ? "" : $" step {run.Step}")}"));
        return $"{axis.Name} {axis.Size}{(axis.Labels.IsEmpty ? "" : $" ({string.Join(", ", axis.Labels)})")}{(isWhole ? "" : $" (here {here}{(padding == 0 ? "" : $" and {padding} of padding")})")}";
    }
}
