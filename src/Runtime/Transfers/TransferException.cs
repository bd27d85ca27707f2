using System.Collections.Immutable;
using System.Text;

namespace Lanyard;

/// <summary>Everything that keeps weights from being transferred, in one exception. Nothing was changed.</summary>
public sealed class TransferException : LanyardException
{
    /// <summary>Lists the problems, alike ones folded into one line.</summary>
    /// <param name="what">What cannot be done, a sentence without its full stop.</param>
    /// <param name="problems">All problems, at least one.</param>
    /// <param name="innerException">What caused it, if anything did.</param>
    public TransferException(string what, ImmutableArray<TransferProblem> problems, Exception? innerException = null)
        : base(Describe(what, problems), innerException) => Problems = problems;

    /// <summary>The problems.</summary>
    public ImmutableArray<TransferProblem> Problems { get; }

    private static string Describe(string what, ImmutableArray<TransferProblem> problems)
    {
        var text = new StringBuilder();
        text.Append(what).Append(": ").Append(problems.Length).Append(problems.Length == 1 ? " problem." : " problems.").Append(" Nothing was changed.");
        foreach (var alike in problems.OrderBy(problem => problem.Kind).GroupBy(problem => (problem.Kind, NameFolding.Shape(problem.Name), problem.Expected, problem.Found)))
        {
            foreach (var name in NameFolding.Shown(alike.Select(problem => problem.Name).Distinct()))
            {
                text.Append("\n  ").Append(Word(alike.Key.Kind)).Append(' ').Append(name).Append(": ");
                if (alike.Key.Expected is { } expected) text.Append("expected ").Append(NameFolding.Shown(expected)).Append(", found ");
                text.Append(NameFolding.Shown(alike.Key.Found));
            }
        }
        return text.ToString();
    }

    private static string Word(TransferProblemKind kind) => kind switch
    {
        TransferProblemKind.Missing => "missing:       ",
        TransferProblemKind.WrongShape => "wrong shape:   ",
        TransferProblemKind.WrongType => "wrong type:    ",
        TransferProblemKind.WrongValues => "other values:  ",
        TransferProblemKind.WrongTopology => "wrong topology:",
        TransferProblemKind.WrongModel => "wrong model:   ",
        _ => "failed:        ",
    };
}
