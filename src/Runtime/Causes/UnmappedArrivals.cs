using Lanyard.Books;
using Lanyard.Names;

namespace Lanyard.Causes;

/// <summary>Tensors that came for parameters and modules which no map describes: that nothing takes them is no second fault.</summary>
internal static class UnmappedArrivals
{
    public static IEnumerable<LoadCause> Of(IReadOnlyCollection<LoadProblem> problems)
    {
        var unmapped = problems.Where(problem => problem.Kind == LoadProblemKind.Unmapped).ToList();
        if (unmapped.Count == 0) yield break;
        var places = unmapped.Select(problem => problem.Tensor).ToHashSet(StringComparer.Ordinal);
        var came = problems.Where(problem => problem.Kind == LoadProblemKind.Unexpected).ToLookup(problem => Place(problem.Tensor), StringComparer.Ordinal);
        foreach (var group in unmapped.Where(problem => came.Contains(problem.Tensor)).GroupBy(problem => (NameFolding.Shape(problem.Tensor), problem.Expected), (_, group) => group.ToList()))
        {
            List<LoadProblem> arrived = [.. group.SelectMany(problem => came[problem.Tensor])];
            yield return new LoadCause(
                LoadProblemKind.Unmapped,
                $"{string.Join(", ", NameFolding.Shown(group.Select(problem => problem.Tensor)))}: expected {group[0].Expected}; {arrived.Count} {(arrived.Count == 1 ? "tensor that came has" : "tensors that came have")} no place until then",
                [.. group, .. arrived]);
        }

        // Itself, or the module that it is below.
        string Place(string name) => places.Contains(name) ? name : DottedName.Prefixes(name).Take(NameVocabulary.MostParts).Select(prefix => prefix[..^1]).FirstOrDefault(places.Contains) ?? "";
    }
}
