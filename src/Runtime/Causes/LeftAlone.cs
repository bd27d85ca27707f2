using Lanyard.Books;

namespace Lanyard.Causes;

/// <summary>Tensors that came, that the model needs, and that the options of the load leave alone.</summary>
internal static class LeftAlone
{
    private const int MostShown = 2;

    public static IEnumerable<LoadCause> Of(LoadAccount account, IReadOnlyCollection<LoadProblem> problems)
    {
        var ignored = account.Summary.Ignored;
        if (ignored.IsEmpty) yield break;
        var left = problems.Where(problem => problem is { Kind: LoadProblemKind.Missing, Found: null } && ignored.Contains(problem.Tensor)).ToList();
        if (left.Count == 0) yield break;
        var names = NameFolding.Shown(left.Select(problem => problem.Tensor));
        yield return new LoadCause(
            LoadProblemKind.Missing,
            $"{(names.Count <= MostShown ? string.Join(", ", names) : $"{left.Count} tensors, such as {names[0]}")} (parameter {left[0].Parameter}): came, and LoadOptions.Names left {(left.Count == 1 ? "it" : "them")} alone; narrow its Ignore, or the renames to null",
            left);
    }
}
