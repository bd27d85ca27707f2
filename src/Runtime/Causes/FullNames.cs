using Lanyard.Books;

namespace Lanyard.Causes;

/// <summary>Sources that are named from the root of the file, or from a list in it, where names begin at the class itself.</summary>
internal static class FullNames
{
    public static IEnumerable<LoadCause> Of(LoadAccount account, IReadOnlyCollection<LoadProblem> problems)
    {
        var unexpected = problems.Where(problem => problem.Kind == LoadProblemKind.Unexpected).ToLookup(problem => account.Names.Known(problem.Tensor) ?? problem.Tensor, StringComparer.Ordinal);
        if (unexpected.Count == 0) yield break;
        var found =
            from problem in problems
            where problem is { Kind: LoadProblemKind.Missing, Found: null, NeededBy: null }
            let use = account.Find(problem.Tensor)?.Uses.FirstOrDefault()
            where use is not null
            let prefix = use.Tensor.Name[..^use.LocalName.Length]
            let meant = Ends(use.LocalName).FirstOrDefault(end => unexpected.Contains(prefix + end))
            where meant is not null
            select (Problem: problem, use.Source, use.Parameter, Meant: meant, Came: unexpected[prefix + meant].First());
        foreach (var group in found.GroupBy(name => (name.Parameter.Module.Set.Map.Type, name.Source.Name), (_, group) => group.ToList()))
        {
            var (first, came) = (group[0], string.Join(", ", NameFolding.Shown(group.Select(name => name.Came.Tensor))));
            yield return new LoadCause(
                LoadProblemKind.Missing,
                $"{string.Join(", ", NameFolding.Shown(group.Select(name => name.Problem.Tensor)))} (parameter {NameFolding.Shown(group.Select(name => name.Parameter.Name))[0]}); {came} came: names in [FromCheckpoint] begin at the class itself, so that of {first.Parameter.Module.Set.Map.Type} is \"{first.Meant}\" in place of \"{first.Source.Name}\"",
                [.. group.Select(name => name.Problem), .. group.Select(name => name.Came)]);
        }
    }

    /// <summary>What follows each dot of a name.</summary>
    private static IEnumerable<string> Ends(string name)
    {
        for (var dot = name.IndexOf('.', StringComparison.Ordinal); dot >= 0; dot = name.IndexOf('.', dot + 1)) yield return name[(dot + 1)..];
    }
}
