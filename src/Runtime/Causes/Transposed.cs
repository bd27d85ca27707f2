using Lanyard.Books;
using Lanyard.Layouts;
using Lanyard.Memory;

namespace Lanyard.Causes;

/// <summary>Matrices that lie the other way round than the class says.</summary>
internal static class Transposed
{
    private const int MostShown = 2;

    public static IEnumerable<LoadCause> Of(LoadAccount account, IReadOnlyCollection<LoadProblem> problems)
    {
        var found =
            from problem in problems
            where problem.Kind == LoadProblemKind.WrongShape
            let use = account.Find(problem.Tensor)?.Uses is [var only] ? only : null
            where use is { Shape: [var rows, var columns] } && rows != columns && problem.Expected == Shapes.Text(use.Shape) && problem.Found == $"[{columns}, {rows}]"
            select (Problem: problem, Pattern: Turned(use.Source.Pattern), use.Parameter.Module.Set.Map.Type);
        foreach (var group in found.Where(turned => turned.Pattern is not null).GroupBy(turned => (turned.Type, turned.Pattern, turned.Problem.Expected), (_, group) => group.ToList()))
        {
            var (first, names) = (group[0], NameFolding.Shown(group.Select(turned => turned.Problem.Tensor)));
            yield return new LoadCause(
                LoadProblemKind.WrongShape,
                $"{string.Join(", ", names.Take(MostShown))}{(names.Count > MostShown ? " and others" : "")}: expected {first.Problem.Expected}, found {first.Problem.Found}: the other way round, so that the source of {first.Type} is \"{first.Pattern}\" (parameter {first.Problem.Parameter})",
                group.ConvertAll(turned => turned.Problem));
        }
    }

    /// <summary>A pattern of two dimensions with them in the other order.</summary>
    private static string? Turned(string text) => Pattern.TryParse(text, out var pattern, out _) && pattern.Items is [var first, var second]
        ? $"{text.Substring(second.Start, second.Length)} {text.Substring(first.Start, first.Length)}" : null;
}
