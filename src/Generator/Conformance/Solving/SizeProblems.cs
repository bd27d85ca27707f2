using Lanyard.Generator.Conformance.Matching;
using Lanyard.Generator.Conformance.Sizes;
using Lanyard.Layouts;

namespace Lanyard.Generator.Conformance.Solving;

/// <summary>Says of sizes that contradict each other where both are said.</summary>
internal static class SizeProblems
{
    // Each is tried with all sizes; of many contradictions the first show what is wrong.
    private const int MostTried = 8;

    /// <param name="root">The tree.</param>
    /// <param name="solution">The sizes.</param>
    /// <param name="configured">The value of a key of the configuration, where there is one.</param>
    public static IEnumerable<ConformanceProblem> Of(MatchedModule root, SizeSolution<SizeSource> solution, Func<string, (long Value, SizeSource Source)?> configured)
    {
        var (swaps, told) = (Swaps(root, solution, configured), new HashSet<ProblemPlace>());
        foreach (var contradiction in solution.Contradictions)
        {
            var (said, others) = (contradiction.Stated.Source, contradiction.Others.Select(static other => other.Source).Distinct().ToList());

            // Of a configuration there is no place in the list.
            var shown = others.Prepend(said).FirstOrDefault(static source => source.Place.Start >= 0) ?? said;
            var reading = string.Join(", and ", others.Prepend(said).Select(static source => source.Reading).Where(static reading => reading.Length > 0).Distinct().Take(2));
            var swap = others.Prepend(said).Select(static source => source.Declared).OfType<ProblemPlace>().Where(swaps.ContainsKey).Select(place => (Place: place, Pattern: swaps[place])).FirstOrDefault();

            // What is mended there is shown there, once: both dimensions contradict something.
            if (swap.Place is not null && !told.Add(swap.Place)) continue;
            yield return new ConformanceProblem(ProblemKind.Size, swap.Place ?? shown.Place, contradiction.ToString(static source => source.Name) + (reading.Length > 0 ? ": " + reading : "") + (swap.Pattern is null ? "" : $"; \"{swap.Pattern}\" would fit"))
            {
                Others = [.. others.Prepend(said).SelectMany(static source => new[] { source.Place, source.Declared }).OfType<ProblemPlace>().Where(place => place != (swap.Place ?? shown.Place) && (place.Start >= 0 || place.Class is not null)).Distinct()],
                Instead = swap.Pattern,
            };
        }
    }

    /// <summary>Sources whose two dimensions are the other way round, each with the pattern that fits.</summary>
    private static Dictionary<ProblemPlace, string> Swaps(MatchedModule root, SizeSolution<SizeSource> solution, Func<string, (long Value, SizeSource Source)?> configured)
    {
        var swaps = new Dictionary<ProblemPlace, string>();
        foreach (var place in solution.Contradictions.SelectMany(static contradiction => contradiction.Others.Select(static other => other.Source).Prepend(contradiction.Stated.Source)).Select(static source => source.Declared).OfType<ProblemPlace>().Distinct().Take(MostTried))
        {
            var source = root.Tree.Where(module => module.Class.Name == place.Class).SelectMany(static module => module.Class.Parameters).Where(parameter => parameter.Property == place.Member).SelectMany(static parameter => parameter.Sources).FirstOrDefault(source => source.Index == place.Source);
            if (source is null || !Pattern.TryParse(source.Pattern, out var pattern, out _) || pattern.Items.Length != 2) continue;
            if (SizeEquations.Of(root, configured, place).System.Solve().Contradictions.Count < solution.Contradictions.Count) swaps[place] = $"{pattern.Items[1]} {pattern.Items[0]}";
        }
        return swaps;
    }
}
