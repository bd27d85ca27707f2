using System.Collections.Immutable;

namespace Lanyard;

/// <summary>Everything that keeps an adapter from being used, in one exception. Nothing was changed.</summary>
public sealed class LoraException : LanyardException
{
    /// <summary>Lists the problems, alike ones folded into one line.</summary>
    /// <param name="adapter">The folder of the adapter.</param>
    /// <param name="problems">All problems, at least one.</param>
    /// <param name="tensors">What is wrong with its tensors alone, where anything is; the problems have it, too.</param>
    public LoraException(string adapter, ImmutableArray<LoraProblem> problems, LoadException? tensors = null)
        : base(Describe(adapter, problems), tensors) => (Adapter, Problems) = (adapter, problems);

    /// <summary>The folder of the adapter.</summary>
    public string Adapter { get; }

    /// <summary>The problems, one for each setting, tensor or module.</summary>
    public ImmutableArray<LoraProblem> Problems { get; }

    private static string Describe(string adapter, ImmutableArray<LoraProblem> problems) =>
        $"The adapter {adapter} cannot be used: {problems.Length} {(problems.Length == 1 ? "problem" : "problems")}. Nothing was changed." + string.Concat(problems
            .GroupBy(problem => (NameFolding.Shape(problem.Name), problem.Expected, problem.Found))
            .SelectMany(alike => NameFolding.Shown(alike.Select(problem => problem.Name)).Select(name => $"\n  {name}: expected {NameFolding.Shown(alike.Key.Expected)}, found {NameFolding.Shown(alike.Key.Found)}")));
}
