using Lanyard.Books;
using Lanyard.Index;
using Lanyard.Names;

namespace Lanyard.Causes;

/// <summary>Whole branches of names of which the other side has nothing: a tower of pictures in the file of a model of text, or none for a model that has one.</summary>
internal static class UnknownBranches
{
    private const int Several = 3;
    private const int MostShown = 2;

    public static IEnumerable<LoadCause> Of(ModelIndex index, LoadAccount account, IReadOnlyCollection<LoadProblem> problems)
    {
        var unexpected = problems.Where(problem => problem is { Kind: LoadProblemKind.Unexpected, Nearest: null }).ToList();
        foreach (var group in Branches(unexpected, Known, index.Names))
        {
            var branches = Shown(group.Select(branch => branch.Path));
            var (came, pattern) = (account.Names.Known(group[0].Problem.Tensor) ?? group[0].Problem.Tensor, $"{NameFolding.Pattern(group[0].Path)}.**");
            yield return new LoadCause(
                LoadProblemKind.Unexpected,
                $"{group.Count} tensors below {branches}, of which the model has nothing, such as {group[0].Problem.Tensor}{(account.Tensors == 0 ? "" : $". They are left alone by [Ignore(\"{pattern}\")] on the model's class or, for one load, by LoadOptions.Names: new NameMapping {{ Ignore = [\"{came[..^Known(group[0].Problem.Tensor).Length]}{pattern}\"] }}")}",
                group.ConvertAll(branch => branch.Problem));
        }
        var missing = problems.Where(problem => problem is { Kind: LoadProblemKind.Missing, Expected: null, Found: null, NeededBy: null }).ToList();
        foreach (var group in Branches(missing, Known, account.Names.All.Concat(account.Unexpected.Keys).Select(Known)))
            yield return new LoadCause(LoadProblemKind.Missing, $"{group.Count} tensors below {Shown(group.Select(branch => branch.Path))}, of which nothing came, such as {group[0].Problem.Tensor} (parameter {group[0].Problem.Parameter})", group.ConvertAll(branch => branch.Problem));

        string Known(string name) => index.Bare(account.Names.Known(name) ?? name);
    }

    private static IEnumerable<List<(LoadProblem Problem, string Path)>> Branches(List<LoadProblem> problems, Func<string, string> known, IEnumerable<string> others)
    {
        if (problems.Count < Several) return [];
        var vocabulary = new NameVocabulary(others);
        return problems.Select(problem => (Problem: problem, Path: Branch(known(problem.Tensor), vocabulary)!)).Where(branch => branch.Path is not null)
            .GroupBy(branch => NameFolding.Shape(branch.Path), (_, group) => group.ToList())
            .Where(group => group.Select(branch => NameFolding.Shape(branch.Problem.Tensor)).Distinct().Count() >= Several);
    }

    /// <summary>The shortest beginning of a name with which none of the others begins, numbers aside; null where there is only the name itself.</summary>
    private static string? Branch(string name, NameVocabulary others) =>
        DottedName.Prefixes(name).Take(NameVocabulary.MostParts).Select(prefix => prefix[..^1]).FirstOrDefault(prefix => !others.HasPath(NameFolding.Shape(prefix)));

    private static string Shown(IEnumerable<string> names)
    {
        var shown = NameFolding.Shown(names);
        return string.Join(", ", shown.Take(MostShown)) + (shown.Count > MostShown ? " and others" : "");
    }
}
