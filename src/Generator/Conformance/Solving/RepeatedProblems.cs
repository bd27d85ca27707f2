using System.Text.RegularExpressions;
using Lanyard.Generator.Conformance.Matching;

namespace Lanyard.Generator.Conformance.Solving;

/// <summary>Says once what is wrong in many layers alike: layers of several kinds are looked at by themselves.</summary>
internal static class RepeatedProblems
{
    private static readonly Regex Numbers = new(@"\{[0-9.,]+\}|[0-9]+", RegexOptions.CultureInvariant);

    /// <summary>Those of one place that differ in numbers of names alone, as one.</summary>
    public static IEnumerable<ConformanceProblem> Merged(IEnumerable<ConformanceProblem> problems) =>
        from problem in problems
        group problem by (problem.Kind, problem.Place, Text: problem.Name is null ? problem.Message : Numbers.Replace(problem.Message, "#")) into alike
        let names = alike.Skip(1).Select(static problem => problem.Name!).Distinct().ToList()
        select alike.Count() == 1 || names.Count == 0 ? alike.First() : alike.First() with { Message = $"{alike.First().Message}; it is the same with {names[0]}{(names.Count > 1 ? $" and {names.Count - 1} more" : "")}" };
}
