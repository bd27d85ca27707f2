using System.Collections.Immutable;
using System.Text;

namespace Lanyard;

/// <summary>Everything that keeps a model from being exported, or ranks from being merged, in one exception. Nothing was written.</summary>
public sealed class ExportException : LanyardException
{
    /// <summary>Lists the problems, alike ones folded into one line.</summary>
    /// <param name="what">What cannot be done, a sentence without its full stop.</param>
    /// <param name="problems">All problems, at least one.</param>
    public ExportException(string what, ImmutableArray<ExportProblem> problems)
        : base(Describe(what, problems)) => Problems = problems;

    /// <summary>The problems, one for each tensor or parameter.</summary>
    public ImmutableArray<ExportProblem> Problems { get; }

    private static string Describe(string what, ImmutableArray<ExportProblem> problems)
    {
        var text = new StringBuilder();
        text.Append(what).Append(": ").Append(problems.Length).Append(problems.Length == 1 ? " problem." : " problems.").Append(" Nothing was written.");
        foreach (var alike in problems.OrderBy(problem => problem.Kind).GroupBy(problem => (problem.Kind, NameFolding.Shape(problem.Name), problem.Detail)))
        {
            foreach (var name in NameFolding.Shown(alike.Select(problem => problem.Name)))
                text.Append("\n  ").Append(Word(alike.Key.Kind)).Append(' ').Append(name).Append(": ").Append(NameFolding.Shown(alike.Key.Detail));
        }
        return text.ToString();
    }

    private static string Word(ExportProblemKind kind) => kind switch
    {
        ExportProblemKind.NoUndo => "no way back:  ",
        ExportProblemKind.WrongUndo => "wrong undo:   ",
        ExportProblemKind.Uncovered => "not covered:  ",
        ExportProblemKind.Overlap => "twice:        ",
        ExportProblemKind.NoConstant => "no constant:  ",
        ExportProblemKind.Conflict => "contradiction:",
        ExportProblemKind.Unmapped => "without a map:",
        ExportProblemKind.Missing => "missing:      ",
        ExportProblemKind.NoCodes => "no codes:     ",
        ExportProblemKind.NewValues => "new values:   ",
        _ => "differs:      ",
    };
}
