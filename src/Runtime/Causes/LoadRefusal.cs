using System.Collections.Immutable;
using Lanyard.Books;
using Lanyard.Index;

namespace Lanyard.Causes;

/// <summary>Makes the exception of what was refused: everything that is wrong, told by what is behind it.</summary>
internal static class LoadRefusal
{
    /// <param name="index">The model.</param>
    /// <param name="account">The books of the load or refit.</param>
    /// <param name="outcome">What became of the model, a sentence.</param>
    /// <param name="problems">All that is wrong.</param>
    /// <param name="checkpoint">The file or folder that all tensors are in; null where the books say where they came from.</param>
    public static LoadException Of(ModelIndex index, LoadAccount account, string outcome, ImmutableArray<LoadProblem> problems, string? checkpoint)
    {
        var names = new SoughtNames(index, account, problems);
        problems = [.. problems.Select(names.Suggested)];
        var files = problems.Any(problem => problem.Kind == LoadProblemKind.Missing) ? LoadAdvice.Files(checkpoint ?? account.From.Only) : 1;
        var causes = new List<LoadCause>();
        foreach (var look in (Func<IReadOnlyCollection<LoadProblem>, IEnumerable<LoadCause>>[])
            [
                left => LeftAlone.Of(account, left),
                left => FullNames.Of(account, left),
                left => NamesFromTheRoot.Of(index, account, left),
                left => OtherSpelling.Of(account, left),
                left => ParameterNames.Of(index, account, left),
                UnmappedArrivals.Of,
                left => MembersNotHere.Of(index, account, left),
                left => MergedTensors.Of(index, account, left),
                left => OtherNames.Of(account, names, left),
                left => ListLengths.Of(index, account, names, left),
                left => OneType.Of(account, left),
                left => Transposed.Of(account, left),
                left => OneSize.Of(account, left),
                left => files > 1 ? [] : TiedHeads.Of(account, names, left),
            ]) causes.AddRange(look(Left()));
        var left = Left();
        var isOther = account.Tensors == 0 && names.Matches.Count == 0 && left.Count(problem => problem.Kind == LoadProblemKind.Unexpected) > 1;
        causes.AddRange(UnknownBranches.Of(index, account, left));
        return new LoadException(outcome, problems, checkpoint is null ? account.From.Text : $" of {checkpoint}", causes, [.. LoadAdvice.Of(account, left, files, isOther), .. isOther ? [] : LoadAdvice.OfUnneeded(index, account, Left())]);

        List<LoadProblem> Left()
        {
            var told = causes.SelectMany(cause => cause.Problems).ToHashSet();
            return [.. problems.Where(problem => !told.Contains(problem))];
        }
    }
}
