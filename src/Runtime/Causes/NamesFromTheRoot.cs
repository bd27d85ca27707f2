using Lanyard.Books;
using Lanyard.Index;
using Lanyard.Names;

namespace Lanyard.Causes;

/// <summary>Aliases and ignores of a class that are written from the root of the file, or the wrong way round.</summary>
internal static class NamesFromTheRoot
{
    public static IEnumerable<LoadCause> Of(ModelIndex index, LoadAccount account, IReadOnlyCollection<LoadProblem> problems)
    {
        var unexpected = problems.Where(problem => problem.Kind == LoadProblemKind.Unexpected).ToLookup(problem => account.Names.Known(problem.Tensor) ?? problem.Tensor, StringComparer.Ordinal);
        if (unexpected.Count == 0) yield break;
        foreach (var (module, alias) in index.Modules.SelectMany(module => module.Set.Map.Aliases.Select(alias => (module, alias))))
        {
            var (type, attribute) = (module.Set.Map.Type, $"[CheckpointAlias(\"{alias.Alias}\", \"{alias.Name}\")]");
            var (text, came, wanted) =
                module.Prefix.Length > 0 && unexpected.Contains(alias.Alias) && account.Find(alias.Name) is not null
                    ? ($"{attribute} of {type} begins at the class itself, where the names are {module.Prefix}{alias.Alias} and {module.Prefix}{alias.Name}: put it on the class of the root, or write what stands below {module.Prefix.TrimEnd('.')}", alias.Alias, alias.Name)
                : unexpected.Contains(module.Prefix + alias.Name) && account.Find(module.Prefix + alias.Alias) is not null
                    ? ($"{attribute} of {type} is the wrong way round: the other name is first, [CheckpointAlias(\"{alias.Name}\", \"{alias.Alias}\")]", module.Prefix + alias.Name, module.Prefix + alias.Alias)
                : unexpected.Contains(module.Prefix + alias.Alias)
                    ? ($"{attribute} of {type} makes it another name of {module.Prefix}{alias.Name}, which is no tensor of the model", module.Prefix + alias.Alias, module.Prefix + alias.Name)
                : default;
            if (text is null) continue;
            var told = unexpected[came].Concat(problems.Where(problem => problem is { Kind: LoadProblemKind.Missing, Found: null } && problem.Tensor == wanted)).ToList();
            yield return new LoadCause(LoadProblemKind.Unexpected, $"{came}: {text}", told);
        }
        foreach (var ignore in index.RequiredIgnores.Where(ignore => !ignore.Places.Contains(ignore.Text)))
        {
            var unused = problems.Where(problem => problem.Kind == LoadProblemKind.UnusedIgnore && problem.Tensor == LoadProblems.Text(ignore)).ToList();
            var meant = unexpected.Where(name => Glob.Matches(ignore.Text, name.Key)).SelectMany(names => names).ToList();
            if (unused.Count == 0 || meant.Count == 0) continue;
            yield return new LoadCause(
                LoadProblemKind.UnusedIgnore,
                $"[Ignore(\"{ignore.Text}\")] begins at its class itself, where it is {unused[0].Tensor}; {string.Join(", ", NameFolding.Shown(meant.Select(problem => problem.Tensor)))} came: put it on the class of the root, or write what stands below the module",
                [.. unused, .. meant]);
        }
    }
}
