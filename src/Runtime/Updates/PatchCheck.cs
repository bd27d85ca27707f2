using Lanyard.Books;
using Lanyard.Index;

namespace Lanyard.Updates;

/// <summary>Whether patches of a parameter work, asked of the books that a session asks: nothing is written.</summary>
internal static class PatchCheck
{
    /// <summary>Why no patch of any format of a parameter works, as a sentence; null where one does.</summary>
    public static string? Refusal(BoundParameter bound)
    {
        ArgumentNullException.ThrowIfNull(bound);
        var index = ModelIndex.Of(bound.Owner);
        if (!bound.IsPresent) return bound.IsElsewhere ? $"{bound} {bound.Elsewhere}." : $"{bound} is absent in this instance.";
        var parameter = index.Parameters.First(parameter => ReferenceEquals(parameter.Bound, bound));
        if (parameter.Formats.Count == 0) return $"No tensor brings {bound}: post-load makes it, or a constructor.";
        ModelState[] states = [.. index.Modules.Select(module => module.Set.State)];
        if (WeightUpdate.NoPatches(index, states) is { } never) return never;
        string? first = null;
        foreach (var format in parameter.Formats)
        {
            if (Refusal(index, states, format) is not { } refusal) return null;
            first ??= refusal;
        }
        return first;
    }

    private static string? Refusal(ModelIndex index, ModelState[] states, ParameterFormat format)
    {
        var account = new LoadAccount(index, LoadOptions.Default);
        foreach (var tensor in format.Uses.Select(use => use.Tensor).Distinct()) account.AdmitPatch(tensor.Name, null, static (_, _) => null);
        account.Close();
        var problems = account.Problems(new UpdateNeeds(index, account, RefitScope.Subset, states).Missing());
        return problems.IsEmpty ? null : Text(problems.FirstOrDefault(problem => problem.Kind == LoadProblemKind.WrongPatch) ?? problems[0]);
    }

    private static string Text(LoadProblem problem) =>
        problem.NeededBy is { } methods ? $"{problem.Tensor} would have to come whole with it, for {methods} to run again." : $"{problem.Tensor} takes {problem.Expected}, not {problem.Found}.";
}
