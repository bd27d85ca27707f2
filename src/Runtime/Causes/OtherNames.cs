using Lanyard.Books;
using Lanyard.Names;

namespace Lanyard.Causes;

/// <summary>Tensors that are called otherwise than the model has them, all in one way: a prefix, a child, an ending.</summary>
internal static class OtherNames
{
    private const int MostShown = 2;

    public static IEnumerable<LoadCause> Of(LoadAccount account, SoughtNames names, IReadOnlyCollection<LoadProblem> problems)
    {
        foreach (var group in names.Matches.GroupBy(match => (match.Difference.From, match.Difference.To), (_, group) => group.ToList()).Where(group => group.Count > 1))
        {
            var pairs = group.SelectMany(match => match.Pairs.Select(pair => (pair.Came, pair.Wanted, match.Difference))).ToList();
            var came = pairs.Select(pair => names.Original(pair.Came)).ToHashSet(StringComparer.Ordinal);
            var found = pairs.Select(pair => pair.Wanted).ToHashSet(StringComparer.Ordinal);
            var formats = pairs.SelectMany(pair => names.Wanted[pair.Wanted].Uses).ToLookup(use => use.Parameter.Name, use => use.Format);
            var told = problems.Where(problem => problem.Kind == LoadProblemKind.Unexpected ? came.Contains(problem.Tensor) : problem is { Kind: LoadProblemKind.Missing, NeededBy: null, Found: null } && (found.Contains(problem.Tensor) || CameOtherwise(problem))).ToList();
            if (told.Count == 0) continue;
            var (left, right) = (Text(pairs, pair => pair.Came, difference => difference.Came, difference => difference.From), Text(pairs, pair => pair.Wanted, difference => difference.Wanted, difference => difference.To));
            yield return new LoadCause(null, $"{pairs.Count} tensors are named {left} where the model has {right}, as {names.Original(pairs[0].Came)} for {pairs[0].Wanted}: {Advice(account, group.ConvertAll(match => match.Difference))}", told);

            // A parameter is missed in its first format, and may have come in another.
            bool CameOtherwise(LoadProblem problem) =>
                problem.Parameter is { } parameter && formats.Contains(parameter) && account.Find(problem.Tensor) is { } tensor && !tensor.Uses.Concat(tensor.Serves).Any(use => formats[parameter].Contains(use.Format));
        }
    }

    /// <summary>What the names have in common, with X for the rest.</summary>
    private static string Text(List<(string Came, string Wanted, NameDifference Difference)> pairs, Func<(string Came, string Wanted, NameDifference), string> name, Func<NameDifference, string> path, Func<NameDifference, string> own)
    {
        var differences = pairs.ConvertAll(pair => pair.Difference);
        var hasMore = differences.Exists(difference => difference.After.Length > 0);
        if (differences.Exists(difference => difference.Before != differences[0].Before)) return NameDifference.Joined(NameDifference.Joined("X", own(differences[0])), hasMore ? "Y" : "");
        var parts = path(differences[0]) is { Length: > 0 } text ? text.Split('.').Length : 0;
        var paths = NameFolding.Shown(pairs.Select(pair => string.Join('.', name(pair).Split('.').Take(parts))));
        return NameDifference.Joined(string.Join(", ", paths.Take(MostShown)) + (paths.Count > MostShown ? " and others" : ""), hasMore ? "X" : "");
    }

    private static string Advice(LoadAccount account, List<NameDifference> differences)
    {
        var (first, isPrefix) = (differences[0], differences.TrueForAll(difference => difference.Before.Length == 0));
        var isOwn = differences.TrueForAll(difference => difference.After.Length == 0);
        var declared = isOwn ? "[FromCheckpoint]" : isPrefix ? "[CheckpointName] or [CheckpointPrefix]" : "[CheckpointName] or [FromCheckpoint]";
        var rename = Pattern(differences, difference => difference.Came, difference => difference.From) is { } from && Pattern(differences, difference => difference.Wanted, difference => difference.To) is { } to && (from != "**" || account.Tensors == 0)
            ? $"new Rename(\"{from}\", \"{to}\") in " : "";
        var below = isPrefix && account.Tensors == 0 && first.To.Length == 0 && !first.From.Contains('#', StringComparison.Ordinal) ? $". Where the model is a part of what was stored, it is loaded with below: \"{first.From}.\"" : "";
        return $"{declared} of a class says so, or {rename}LoadOptions.Names{below}";
    }

    private static string? Pattern(List<NameDifference> differences, Func<NameDifference, string> path, Func<NameDifference, string> own)
    {
        var rest = differences.Exists(difference => difference.After.Length > 0) ? "**" : "";
        if (differences.TrueForAll(difference => difference.Before == differences[0].Before)) return Star(NameDifference.Joined(path(differences[0]), rest));
        return own(differences[0]).Length == 0 ? null : Star(NameDifference.Joined(NameDifference.Joined("**", own(differences[0])), rest));

        static string? Star(string shape) => shape.Contains("##", StringComparison.Ordinal) ? null : shape.Replace('#', '*');
    }
}
