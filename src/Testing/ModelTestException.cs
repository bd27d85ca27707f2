using System.Collections.Immutable;
using System.Text;

using Lanyard.Testing;

namespace Lanyard;

/// <summary>Everything that the checks of a class have found, in one exception.</summary>
public sealed class ModelTestException : LanyardException
{
    /// <summary>Lists the problems, alike ones folded into one line.</summary>
    /// <param name="type">The class.</param>
    /// <param name="problems">All problems, at least one.</param>
    public ModelTestException(string type, ImmutableArray<ModelTestProblem> problems)
        : base(Describe(type, problems)) => Problems = problems;

    /// <summary>The problems, one for each name.</summary>
    public ImmutableArray<ModelTestProblem> Problems { get; }

    private static string Describe(string type, ImmutableArray<ModelTestProblem> problems)
    {
        var text = new StringBuilder($"{type}: {problems.Length} {(problems.Length == 1 ? "problem" : "problems")}.");
        foreach (var alike in problems.OrderBy(problem => problem.Check).GroupBy(problem => (problem.Check, NameFolding.Shape(problem.Name), problem.Detail)))
        {
            var names = string.Join(", ", NameFolding.Fold(alike.Select(problem => problem.Name)));
            var where = string.Join("; ", alike.Select(problem => problem.Where).Where(where => where.Length > 0).Distinct());
            if (where.Length > 0) names += names.Length == 0 ? where : $" ({where})";
            text.Append("\n  ").Append(Word(alike.Key.Check)).Append(' ').Append(names).Append(names.Length == 0 ? "" : ": ").Append(alike.Key.Detail.ReplaceLineEndings("\n    "));
        }
        if (problems.Any(problem => problem.Check == ModelTestCheck.Sizes)) text.Append("\n  Try a configuration in which no two sizes are equal; those that are by design are named in ModelTestOptions.Alike.");
        return text.ToString();
    }

    private static string Word(ModelTestCheck check) => check switch
    {
        ModelTestCheck.Sizes => "sizes:  ",
        ModelTestCheck.Tensors => "tensors:",
        ModelTestCheck.Load => "load:   ",
        ModelTestCheck.Export => "export: ",
        ModelTestCheck.Repeat => "repeat: ",
        ModelTestCheck.Subset => "subset: ",
        ModelTestCheck.Ranks => "ranks:  ",
        _ => "outputs:",
    };
}
