using System.Collections.Immutable;
using System.Text;
using Lanyard.Books;
using Lanyard.Checkpoints;
using Lanyard.Encodings;

namespace Lanyard;

/// <summary>Everything that is wrong with a load or a refit, in one exception.</summary>
public sealed class LoadException : LanyardException
{
    /// <summary>Lists the problems, alike ones folded into one line.</summary>
    /// <param name="outcome">What became of the model, a sentence: <c>Nothing was changed.</c></param>
    /// <param name="problems">All problems, at least one.</param>
    /// <param name="checkpoint">The file or folder that the tensors are in, or null where they come from elsewhere.</param>
    public LoadException(string outcome, ImmutableArray<LoadProblem> problems, string? checkpoint = null)
        : this(outcome, problems, checkpoint is null ? "" : $" of {checkpoint}", [], [])
    {
    }

    /// <inheritdoc cref="LoadException(string, ImmutableArray{LoadProblem}, string?)"/>
    /// <param name="outcome">What became of the model.</param>
    /// <param name="problems">All problems.</param>
    /// <param name="from">What follows "the tensors": where they came from, or empty.</param>
    /// <param name="causes">What is behind several of them, and told in their place.</param>
    /// <param name="advice">What to do, a line each.</param>
    internal LoadException(string outcome, ImmutableArray<LoadProblem> problems, string from, IReadOnlyCollection<LoadCause> causes, IReadOnlyCollection<string> advice)
        : base(Describe(outcome, problems, from, causes, advice)) => Problems = problems;

    /// <summary>The problems, one for each tensor. The message says what is behind many of them once.</summary>
    public ImmutableArray<LoadProblem> Problems { get; }

    private static string Describe(string outcome, ImmutableArray<LoadProblem> problems, string from, IReadOnlyCollection<LoadCause> causes, IReadOnlyCollection<string> advice)
    {
        var text = new StringBuilder();
        text.Append("The tensors").Append(from).Append(" do not fit the model: ").Append(problems.Length).Append(problems.Length == 1 ? " problem. " : " problems. ").Append(outcome);
        foreach (var cause in causes) text.Append("\n  ").Append(Word(cause.Kind)).Append(' ').Append(NameFolding.Shown(cause.Text));
        var told = causes.SelectMany(cause => cause.Problems).ToHashSet();
        foreach (var kind in problems.Where(problem => !told.Contains(problem)).GroupBy(problem => problem.Kind).OrderBy(group => group.Key))
        {
            // Only names may differ within a line; the tensor and its parameter are folded together.
            foreach (var alike in kind.GroupBy(problem => (NameFolding.Shape(problem.Tensor), Parameter: NameFolding.Shape(problem.Parameter ?? ""), problem.Expected, problem.Found, NeededBy: NameFolding.Shape(problem.NeededBy ?? ""), Nearest: NameFolding.Shape(problem.Nearest ?? ""))))
            {
                var names = NameFolding.Shown(alike.Select(problem => problem.Tensor));
                var details = Details([.. alike], names.Count == 1);
                foreach (var name in names) text.Append("\n  ").Append(Word(kind.Key)).Append(' ').Append(name).Append(details);
            }
        }
        foreach (var line in advice) text.Append("\n  ").Append(NameFolding.Shown(line));
        return text.ToString();
    }

    private static string Details(LoadProblem[] alike, bool all)
    {
        var first = alike[0];
        var text = new StringBuilder();
        if (first.Expected is not null) text.Append(": expected ").Append(first.Expected);
        if (first.Found is not null) text.Append(first.Expected is null ? ": found " : ", found ").Append(first.Found);
        if (first.Kind == LoadProblemKind.WrongType && IsRounded(first)) text.Append(", which is rounded only where the source has Cast or the load AllowNarrowing");
        if (first.Kind == LoadProblemKind.WrongSlice) text.Append("; bring what this rank has written, or the whole, which CheckpointMerge.Merge puts together");
        if (first.Kind == LoadProblemKind.WrongConfiguration) text.Append("; declare what the file was written with, or correct the configuration");
        if (first.Parameter is not null && all) text.Append(" (parameter ").Append(string.Join(", ", NameFolding.Shown(alike.Select(problem => problem.Parameter!).Distinct()))).Append(')');
        if (first.NeededBy is not null) text.Append("; needed for ").Append(string.Join(", ", NameFolding.Shown(alike.Select(problem => problem.NeededBy!).Distinct()))).Append(" to run again");
        if (first.Nearest is not null) text.Append("; did you mean ").Append(all ? string.Join(", ", NameFolding.Shown(alike.Select(problem => problem.Nearest!))) : NameFolding.Pattern(first.Nearest)).Append('?');
        return text.ToString();
    }

    /// <summary>Whether both types are floating-point ones: what would be widened is no problem, so this would be rounded.</summary>
    private static bool IsRounded(LoadProblem problem) =>
        CheckpointTypes.TryParse(problem.Expected ?? "", out var expected) && CheckpointTypes.TryParse(problem.Found ?? "", out var found) && ElementTypes.IsFloat(expected.ToScalarType()) && ElementTypes.IsFloat(found.ToScalarType());

    private static string Word(LoadProblemKind? kind) => kind switch
    {
        null => "other names:  ",
        LoadProblemKind.Missing => "missing:      ",
        LoadProblemKind.Unexpected => "unexpected:   ",
        LoadProblemKind.Duplicate => "twice:        ",
        LoadProblemKind.WrongShape => "wrong shape:  ",
        LoadProblemKind.WrongType => "wrong type:   ",
        LoadProblemKind.MixedFormats => "two formats:  ",
        LoadProblemKind.Ambiguous => "ambiguous:    ",
        LoadProblemKind.TiedDiffer => "tied, differs:",
        LoadProblemKind.WrongPatch => "patch:        ",
        LoadProblemKind.WrongPart => "wrong part:   ",
        LoadProblemKind.UnusedIgnore => "unused ignore:",
        LoadProblemKind.WrongPadding => "padding:      ",
        LoadProblemKind.LiveMemory => "live memory:  ",
        LoadProblemKind.UnusedRename => "unused rename:",
        LoadProblemKind.WrongSlice => "wrong slice:  ",
        LoadProblemKind.WrongConfiguration => "configuration:",
        LoadProblemKind.Unread => "read in part: ",
        LoadProblemKind.NotInMemory => "not in memory:",
        LoadProblemKind.MixedConventions => "conventions:  ",
        _ => "without a map:",
    };
}
