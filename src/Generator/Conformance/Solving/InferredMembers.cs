using Lanyard.Generator.Conformance.Lists;
using Lanyard.Generator.Conformance.Matching;
using Lanyard.Generator.Conformance.Sizes;
using Lanyard.Layouts;

namespace Lanyard.Generator.Conformance.Solving;

/// <summary>Says what a list makes of each parameter, axis and class: <c>[16, 16384, 5120] BF16, 48 layers, 48 tensors</c>.</summary>
internal static class InferredMembers
{
    // Who points at a member wants to see it, and not all of a model.
    private const int MostPlaces = 3;

    public static IEnumerable<InferredMember> Of(IReadOnlyList<ModuleSizes> modules, SizeSolution<SizeSource> solution)
    {
        foreach (var alike in modules.GroupBy(static module => module.Module.Class.Name))
        {
            var instances = alike.ToList();
            yield return new(alike.Key, null, Plural(instances.Sum(static module => module.Module.Count), "instance") + Tensors(instances.Sum(static module => module.Module.Parameters.Sum(parameter => Count(module.Module, parameter)))));
            foreach (var axis in instances[0].Module.Class.Axes) yield return new(alike.Key, axis.Member, Grouped(instances, module => Size(module.Axes[axis.Name], solution), static _ => ""));
            foreach (var parameter in instances[0].Module.Class.Parameters)
                yield return new(alike.Key, parameter.Property, Grouped(instances, module => Parameter(module, Find(module, parameter.Property), solution), alike => Counts(alike, parameter.Property)));
        }
    }

    /// <summary>What is said of instances, together of those of which the same is.</summary>
    private static string Grouped(List<ModuleSizes> instances, Func<ModuleSizes, string> text, Func<List<ModuleSizes>, string> counts)
    {
        var groups = instances.GroupBy(text).Select(static group => (Text: group.Key, Modules: group.ToList())).ToList();
        return string.Join("; ", groups.Select(group => group.Text + counts(group.Modules) + (groups.Count == 1 ? "" : $" in {Where(group.Modules)}")));
    }

    private static MatchedParameter Find(ModuleSizes module, string property) => module.Module.Parameters.Find(parameter => parameter.Parameter.Property == property)!;

    private static string Counts(List<ModuleSizes> modules, string property)
    {
        var tensors = modules.Sum(module => Count(module.Module, Find(module, property)));
        if (tensors == 0) return "";
        var layers = modules.Select(static module => module.Module.Names.Default).Where(static prefix => !prefix.Groups.IsEmpty).GroupBy(static prefix => prefix.Outermost.List)
            .Sum(static list => list.Select(static prefix => prefix.Outermost.Numbers).Aggregate(static (all, numbers) => all.Union(numbers)).Count);
        return (layers > 1 ? $", {Plural(layers, "layer")}" : "") + Tensors(tensors);
    }

    /// <summary>How many tensors of the list fill a parameter of all modules that one stands for.</summary>
    private static long Count(MatchedModule module, MatchedParameter parameter) =>
        module.Count * parameter.Sources.SelectMany(static source => source.Tensors).Sum(static tensor => tensor.Found.Holes.Aggregate(1L, static (count, numbers) => count * numbers.Count));

    private static string Tensors(long count) => count == 0 ? "" : ", " + Plural(count, "tensor");

    private static string Where(List<ModuleSizes> modules)
    {
        var places = JoinedNames.Of(modules.Select(static module => module.Module.Names.Default.All)).Select(static names => $"{names}".TrimEnd('.') is { Length: > 0 } place ? place : "the model").ToList();
        return string.Join(", ", places.Take(MostPlaces)) + (places.Count > MostPlaces ? ", ..." : "");
    }

    private static string Parameter(ModuleSizes module, MatchedParameter matched, SizeSolution<SizeSource> solution)
    {
        var shape = module.Shapes.TryGetValue(matched.Parameter.Property, out var terms) ? $"[{string.Join(", ", terms.Select(term => Size(term, solution)))}]" : "";
        if (matched.Parameter.Sources.IsEmpty) return $"{shape}, made after the load";
        if (matched.Sources.IsEmpty) return "absent";
        var types = matched.Sources.SelectMany(static source => source.Tensors).Select(static tensor => tensor.Source.Encoding is { } encoding ? $"{tensor.Found.Tensor.Type} as {encoding.Name}" : tensor.Found.Tensor.Type).OfType<string>().Distinct().ToList();
        var square = matched.Sources.SelectMany(static source => source.Tensors).Where(IsSquare).Select(static tensor => tensor.Source.Pattern).FirstOrDefault();
        return shape + (types.Count > 0 ? " " + string.Join(" and ", types) : "") + (square is null ? "" : $", square: \"{square}\" would fit either way round");
    }

    /// <summary>Whether two dimensions that are read as different axes are of one size, so that nothing tells which is which.</summary>
    private static bool IsSquare(MatchedTensor tensor)
    {
        if (tensor.Sizes.IsDefault || tensor.Sizes.Length < 2 || !Pattern.TryParse(tensor.Source.Pattern, out var pattern, out _) || pattern.Items.Length != tensor.Sizes.Length) return false;
        return tensor.Sizes.Zip(pattern.Items, static (size, item) => (size, Text: item.ToString())).GroupBy(static dimension => dimension.size)
            .Any(static alike => alike.Key.Least == alike.Key.Most && alike.Key.Least > 1 && alike.Select(static dimension => dimension.Text).Distinct().Count() > 1);
    }

    private static string Size(SizeTerm term, SizeSolution<SizeSource> solution) => solution.Value(term) is { } value ? Text(value) : solution.Range(term) switch
    {
        (var low, long.MaxValue) => low <= 1 ? "open" : $"open, at least {Text(low)}",
        var (low, high) => $"open, {Text(low)} to {Text(high)}",
    };

    private static string Plural(long count, string one) => $"{Text(count)} {one}{(count == 1 ? "" : "s")}";

    private static string Text(long number) => number.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
