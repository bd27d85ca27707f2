using System.Collections.Immutable;
using Lanyard.Books;
using Lanyard.Index;
using Lanyard.Names;

namespace Lanyard.Causes;

/// <summary>A parameter that a class fills from several tensors where the file has them in one, or the other way round.</summary>
internal static class MergedTensors
{
    private const int MostShown = 4;

    public static IEnumerable<LoadCause> Of(ModelIndex index, LoadAccount account, IReadOnlyCollection<LoadProblem> problems)
    {
        var unexpected = problems
            .Where(problem => problem is { Kind: LoadProblemKind.Unexpected } && account.Unexpected.GetValueOrDefault(problem.Tensor) is { IsWhole: true })
            .Select(problem => (Problem: problem, Name: index.Bare(account.Names.Known(problem.Tensor) ?? problem.Tensor), account.Unexpected[problem.Tensor]!.Shape))
            .ToList();
        if (unexpected.Count == 0) yield break;
        var modules = index.Modules.Select(module => module.Prefix).ToHashSet(StringComparer.Ordinal);
        var below = unexpected
            .SelectMany(came => DottedName.Prefixes(came.Name).Take(NameVocabulary.MostParts).Prepend("").Where(modules.Contains).Select(prefix => (Prefix: prefix, Came: came)))
            .ToLookup(came => came.Prefix, came => came.Came, StringComparer.Ordinal);
        var missing = problems.Where(problem => problem is { Kind: LoadProblemKind.Missing, Found: null, Expected: null, NeededBy: null, Parameter: not null }).ToLookup(problem => problem.Parameter!, StringComparer.Ordinal);
        var found = new List<(ModelParameter Parameter, List<LoadProblem> Missing, List<(LoadProblem Problem, string Name, ImmutableArray<long> Shape)> Came)>();
        foreach (var parameter in index.Parameters.Where(parameter => missing.Contains(parameter.Name) && parameter.Formats.Count > 0))
        {
            var uses = parameter.Formats[0].Uses;
            if (uses.Exists(use => !use.Encoding.IsPlain) || uses.Exists(use => account.Came(use.Tensor))) continue;
            var all = uses.Select(use => use.Tensor).Distinct().Sum(tensor => Count(tensor.Uses[0].Shape));
            var near = below[parameter.Module.Prefix].Where(came => came.Shape.Length == uses[0].Shape.Length && came.Name.Count('.') == uses[0].Tensor.Name.Count('.')).ToList();
            var came = uses.Count > 1 ? near.FindAll(came => Count(came.Shape) == all).Take(1).ToList() : near.Count > 1 && near.Sum(came => Count(came.Shape)) == all ? near : [];
            if (came.Count > 0) found.Add((parameter, [.. missing[parameter.Name]], came));
        }
        foreach (var group in found.GroupBy(merge => (NameFolding.Shape(merge.Parameter.Name), merge.Parameter.Module.Set.Map.Type), (_, group) => group.ToList()))
        {
            var (first, pattern) = (group[0], group[0].Parameter.Bound.Entry.Pattern);
            var isOne = first.Came.Count == 1;
            var name = first.Came[0].Name[first.Parameter.Module.Prefix.Length..];
            yield return new LoadCause(
                LoadProblemKind.Missing,
                $"{Shown(group.SelectMany(merge => merge.Missing).Select(problem => problem.Tensor))} (parameter {Shown(group.Select(merge => merge.Parameter.Name))}); {Shown(group.SelectMany(merge => merge.Came).Select(came => came.Problem.Tensor))} came, with as many elements: where the file has {(isOne ? "in one tensor what the class takes from several" : "in several tensors what the class takes from one")}, {first.Parameter.Module.Set.Map.Type}.{first.Parameter.Bound.Entry.Property} has {(isOne ? $"[FromCheckpoint(\"{name}\", \"{pattern}\")], with the parts in the order of the file" : "a source for each of them, with Part")}, and a Format where there are files of both kinds",
                [.. group.SelectMany(merge => merge.Missing), .. group.SelectMany(merge => merge.Came).Select(came => came.Problem)]);
        }
    }

    private static long Count(IEnumerable<long> shape) => shape.Aggregate(1L, static (count, extent) => count * extent);

    private static string Shown(IEnumerable<string> names)
    {
        var shown = NameFolding.Shown(names);
        return string.Join(", ", shown.Take(MostShown)) + (shown.Count > MostShown ? " and others" : "");
    }
}
