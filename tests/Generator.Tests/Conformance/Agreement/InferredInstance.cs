using Lanyard.Generator.Conformance.Classes;
using Lanyard.Generator.Conformance.Lists;
using Lanyard.Generator.Conformance.Matching;
using Lanyard.Generator.Conformance.Solving;

namespace Lanyard.Generator.Tests.Conformance.Agreement;

/// <summary>An instance of a random family with the sizes that a list was found to have.</summary>
/// <param name="list">The list.</param>
/// <param name="family">The family.</param>
/// <param name="classes">What its classes declare.</param>
internal sealed class InferredInstance(TensorList list, RandomFamily family, Func<string, DescribedModule?> classes)
{
    // Of an open size more are tried nowhere.
    private const int MostTried = 48;

    /// <summary>What the compiler says of the list.</summary>
    public ConformanceResult Result { get; } = Run(list, family, classes, []);

    /// <summary>How many sizes the list leaves open.</summary>
    public int Open { get; private set; }

    /// <summary>The sizes of an instance; null where the list leaves some open for which no values were found.</summary>
    /// <param name="near">Sizes that are tried first where the list leaves them open.</param>
    public Dictionary<string, int>? Sizes(IReadOnlyDictionary<string, int> near)
    {
        var pins = new Dictionary<string, long>(StringComparer.Ordinal);
        var result = Result;
        while (Choose(result) is var (module, axis, least, most))
        {
            Open++;
            var key = $"{module.Class.Name}.{axis}";
            if (pins.ContainsKey(key)) return null;
            var wanted = ModelPlaces.Of(module.Names.Default).Select(place => near.GetValueOrDefault(Place(place) + axis)).FirstOrDefault();
            var found = false;
            foreach (var value in Enumerable.Range(0, MostTried).Select(i => least + i).Prepend(wanted).Where(value => value >= Math.Max(least, 1) && value <= most))
            {
                pins[key] = value;
                var pinned = Run(list, family, classes, pins);
                if (!pinned.Problems.IsEmpty) continue;
                (result, found) = (pinned, true);
                break;
            }
            if (!found) return null;
        }
        return Of(result);
    }

    private static ConformanceResult Run(TensorList list, RandomFamily family, Func<string, DescribedModule?> classes, Dictionary<string, long> pins) =>
        ConformanceCheck.Run(list, classes(family.Root.Name)!, classes, [], key => pins.TryGetValue(key, out var size) ? (size, new SizeSource(key, "", new ProblemPlace(-1, 0), null)) : null);

    private static (MatchedModule Module, string Axis, long Least, long Most)? Choose(ConformanceResult result)
    {
        foreach (var module in result.Modules)
        {
            foreach (var axis in module.Axes.OrderBy(static axis => axis.Key, StringComparer.Ordinal))
            {
                if (axis.Value.Least != axis.Value.Most) return (module.Module, axis.Key, axis.Value.Least, axis.Value.Most);
            }
        }
        return null;
    }

    private Dictionary<string, int> Of(ConformanceResult result)
    {
        var sizes = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var (module, axes) in result.Modules)
        {
            foreach (var place in ModelPlaces.Of(module.Names.Default).Select(Place))
            {
                foreach (var axis in axes) sizes[place + axis.Key] = (int)Math.Min(axis.Value.Least, int.MaxValue);
                foreach (var parameter in module.Parameters.Where(static parameter => parameter.Parameter.When is not null && !parameter.Sources.IsEmpty))
                    sizes[place + "?" + Flag(parameter.Parameter.When!)] = 1;
                foreach (var child in module.Children)
                {
                    var name = child.Via!.Name;
                    var last = child.Names.Default.Groups.LastOrDefault().Numbers;
                    if (child.Via.When is { } when) sizes[place + "?" + Flag(when)] = 1;
                    else if (child.Via.IsList) sizes[place + name + ".#"] = Math.Max(sizes.GetValueOrDefault(place + name + ".#"), last.Last + 1);
                    else sizes[place + name + ".#"] = 1;
                    var choice = Math.Max(child.Via.Classes.IndexOf(child.Class.Name), 0);
                    foreach (var item in child.Via.IsList ? last.Numbers.Select(number => $"{place}{name}.{number}.") : [$"{place}{name}."]) sizes[item + "!"] = choice;
                }
            }
        }
        return sizes;
    }

    // What shows that an instance lacks something is no flag's.
    private static string Flag(string when) => when.StartsWith("Has", StringComparison.Ordinal) ? char.ToLowerInvariant(when[3]) + when[4..] : when;

    private static string Place(string prefix) => prefix.StartsWith("lm.", StringComparison.Ordinal) ? prefix["lm.".Length..] : prefix;
}
