using Lanyard.Books;

namespace Lanyard.Causes;

/// <summary>Tensors that are all of one type, where the model has another.</summary>
internal static class OneType
{
    private const int Several = 4;

    public static IEnumerable<LoadCause> Of(LoadAccount account, IReadOnlyCollection<LoadProblem> problems)
    {
        foreach (var group in problems.Where(problem => problem.Kind == LoadProblemKind.WrongType).GroupBy(problem => (problem.Expected, problem.Found), (_, group) => group.ToList()))
        {
            var (count, all) = (group.Select(problem => problem.Tensor).Distinct().Count(), account.Tensors);
            if (count < 2 || (count < all && (count < Several || count * 2 < all))) continue;
            var (first, isAll) = (group[0], count == all);
            var remedy = IsFloat(first.Expected) && IsFloat(first.Found)
                ? $"Make the model of {first.Found}, or have them rounded: LoadOptions.AllowNarrowing for this load, or Cast with the sources"
                : "How they are stored is declared with the sources, as by an Encoding";
            yield return new LoadCause(LoadProblemKind.WrongType, $"{(isAll ? "all" : $"{count} of")} {all} tensors are {first.Found}, the model {first.Expected}{(isAll ? "" : $", such as {first.Tensor}")}. {remedy}", group);
        }
    }

    // Of narrower ones no model is made: they are codes.
    private static bool IsFloat(string? type) => type is "F16" or "BF16" or "F32" or "F64";
}
