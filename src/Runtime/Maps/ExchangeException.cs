using System.Collections.Immutable;

namespace Lanyard;

/// <summary>Everything that keeps children from being exchanged, in one exception. Nothing was changed.</summary>
public sealed class ExchangeException : LanyardException
{
    /// <summary>Lists the problems, alike ones folded into one line.</summary>
    /// <param name="model">The class of the model.</param>
    /// <param name="problems">All problems, at least one.</param>
    public ExchangeException(string model, ImmutableArray<ExchangeProblem> problems)
        : base(Describe(model, problems)) => Problems = problems;

    /// <summary>The problems, one for each child.</summary>
    public ImmutableArray<ExchangeProblem> Problems { get; }

    private static string Describe(string model, ImmutableArray<ExchangeProblem> problems) =>
        $"Children of {model} cannot be exchanged: {problems.Length} {(problems.Length == 1 ? "problem" : "problems")}. Nothing was changed." + string.Concat(problems
            .GroupBy(problem => (NameFolding.Shape(problem.Path), problem.Expected, Found: NameFolding.Shape(problem.Found)))
            .SelectMany(alike => NameFolding.Shown(alike.Select(problem => problem.Path)).Select(path => $"\n  {path}: expected {alike.First().Expected}, found {string.Join(", ", NameFolding.Shown(alike.Select(problem => problem.Found).Distinct()))}")));
}
