using Lanyard.Generator.Conformance.Lists;
using Lanyard.Generator.Conformance.Matching;
using Lanyard.Names;

namespace Lanyard.Generator.Conformance.Solving;

/// <summary>Tells of a tensor without a home and a parameter without a source that one may be meant by the other.</summary>
internal static class NearNames
{
    public static List<ConformanceProblem> Told(List<ConformanceProblem> problems, TensorList list)
    {
        var came = problems.Where(static problem => problem is { Kind: ProblemKind.Unexpected, Name: not null }).Select(static problem => problem.Name!).Distinct().ToList();
        var wanted = problems.Where(static problem => problem is { Kind: ProblemKind.Missing, Name: not null }).Select(static problem => problem.Name!).Distinct().ToList();
        if (came.Count == 0 || wanted.Count == 0) return problems;
        var matches = NameMatches.Of(came, wanted, new NameVocabulary(list.Rows.Select(static row => row.Name.First)), new NameVocabulary(wanted), static (_, _) => true);
        var pairs = matches.SelectMany(static match => match.Pairs).ToList();
        return problems.ConvertAll(problem => problem.Kind == ProblemKind.Unexpected
            ? pairs.Find(pair => pair.Came == problem.Name) is { Wanted: { } name } ? problem with { Message = $"{problem.Message}; {name} is wanted, and lacks" } : problem
            : problem.Name is not null && pairs.Find(pair => pair.Wanted == problem.Name) is { Came: { } other } ? problem with { Message = $"{problem.Message}; {other} is there, and has no home", Instead = Instead(problem, other) } : problem);
    }

    /// <summary>What the author would have written for the name that is there: the part below the module, where only that differs.</summary>
    private static string? Instead(ConformanceProblem problem, string came)
    {
        if (problem.Written is not { } written) return null;
        if (written.Contains('{')) return Between(problem.Name!.Split('.'), came.Split('.'), written.Split('.'));
        if (!problem.Name!.EndsWith(written, StringComparison.Ordinal)) return null;
        var prefix = problem.Name.Substring(0, problem.Name.Length - written.Length);
        return came.StartsWith(prefix, StringComparison.Ordinal) ? came.Substring(prefix.Length) : null;
    }

    /// <summary>The same where it has numbers of experts: they stand where they stood, and each has its number in both names.</summary>
    private static string? Between(string[] wanted, string[] came, string[] written)
    {
        var above = wanted.Length - written.Length;
        return above >= 0 && came.Length == wanted.Length && Enumerable.Range(0, wanted.Length).All(at => wanted[at] == came[at] || (at >= above && !written[at - above].Contains('{')))
            ? string.Join(".", written.Select((part, at) => part.Contains('{') ? part : came[above + at]))
            : null;
    }
}
