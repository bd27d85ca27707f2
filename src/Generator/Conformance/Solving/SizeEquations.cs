using System.Collections.Immutable;
using Lanyard.Generator.Conformance.Classes;
using Lanyard.Generator.Conformance.Matching;
using Lanyard.Generator.Conformance.Sizes;
using Lanyard.Layouts;

namespace Lanyard.Generator.Conformance.Solving;

/// <summary>Makes of every listed shape, and of every number in names, what it says of the sizes of axes.</summary>
internal sealed class SizeEquations
{
    private readonly Func<string, (long Value, SizeSource Source)?> _configured;

    private readonly ProblemPlace? _swapped;

    private SizeEquations(Func<string, (long Value, SizeSource Source)?> configured, ProblemPlace? swapped) => (_configured, _swapped) = (configured, swapped);

    /// <summary>What is known of sizes.</summary>
    public SizeSystem<SizeSource> System { get; } = new();

    /// <summary>The modules with their axes.</summary>
    public List<ModuleSizes> Modules { get; } = [];

    /// <summary>What cannot be read.</summary>
    public List<ConformanceProblem> Problems { get; } = [];

    /// <summary>Reads a tree.</summary>
    /// <param name="root">The root.</param>
    /// <param name="configured">The value of a key of the configuration, where there is one.</param>
    /// <param name="swapped">A source that is read with its two dimensions the other way round, to see whether that is what is meant.</param>
    public static SizeEquations Of(MatchedModule root, Func<string, (long Value, SizeSource Source)?> configured, ProblemPlace? swapped = null)
    {
        var equations = new SizeEquations(configured, swapped);
        equations.Add(root, null, null);
        return equations;
    }

    private void Add(MatchedModule module, MatchedModule? parent, AxisScope? around)
    {
        var scope = new AxisScope(System, around);
        if (AxisTies.Read(module.Via?.Axes, out var ties) is { } wrong)
            Problems.Add(new(ProblemKind.Declaration, ProblemPlace.Of(parent!.Class.Name, module.Via!.Property), $"\"{wrong}\" in Axes of {parent.Class.ShortName}.{module.Via.Property} is not an axis of the child, an equals sign and a dimension of {parent.Class.ShortName}: hidden = head_dim, or hidden = ? for a size of its own"));
        foreach (var axis in module.Class.Axes.OrderBy(static axis => axis.Same is not null))
        {
            scope.Add(axis.Name, ties.ContainsKey(axis.Name) || Defining(module.Class, axis) is not { } other ? SizeOf(axis, around, ties) : scope.Axes[other]);
            if (axis.Config is { } key && _configured(key) is { } configured) System.Require(scope.Axes[axis.Name], configured.Value, configured.Source);
        }
        foreach (var axis in ties.Keys.Where(name => module.Via!.Classes is [var only] && only == module.Class.Name && module.Class.Axes.All(axis => axis.Name != name)))
            Problems.Add(new(ProblemKind.Declaration, ProblemPlace.Of(parent!.Class.Name, module.Via!.Property), $"{module.Class.ShortName} has no axis \"{axis}\", which Axes of {parent.Class.ShortName}.{module.Via.Property} speaks of"));
        var shapes = new Dictionary<string, IReadOnlyList<SizeTerm>>(StringComparer.Ordinal);
        foreach (var parameter in module.Parameters)
        {
            if (Pattern.TryParse(parameter.Parameter.Pattern, out var pattern, out _)) shapes[parameter.Parameter.Property] = [.. pattern.Items.Select(scope.Of)];
            foreach (var source in parameter.Sources) Add(module, parameter.Parameter, source, scope);
        }
        Modules.Add(new ModuleSizes(module, scope.Axes, shapes));
        foreach (var child in module.Children) Add(child, module, scope);
    }

    /// <summary>The axis of which another one is the size by definition, perhaps over others; null where there is none.</summary>
    private static string? Defining(DescribedModule module, DescribedAxis axis)
    {
        var (last, left) = (axis, module.Axes.Length);
        while (last.Same is { } same && left-- > 0 && module.Axes.FirstOrDefault(other => other.Name == same) is { } other) last = other;
        return last.Same is null && last != axis ? last.Name : null;
    }

    private SizeTerm SizeOf(DescribedAxis axis, AxisScope? around, ImmutableDictionary<string, ItemNode?> ties)
    {
        if (!axis.Labels.IsEmpty) return SizeTerm.Constant(axis.Labels.Length);
        if (axis.Value is { } value) return SizeTerm.Constant(value);
        if (ties.TryGetValue(axis.Name, out var item) && around is not null) return item is null ? SizeTerm.Of(System.Add(axis.Name)) : around.Of(item);
        return around?.Find(axis.Name) ?? SizeTerm.Of(System.Add(axis.Name));
    }

    private void Add(MatchedModule module, DescribedParameter parameter, MatchedSource source, AxisScope scope)
    {
        if (source.Tensors.IsEmpty) return;
        var first = Source(module, parameter, source.Tensors[0]);
        foreach (var (counts, numbers) in source.Numbers)
        {
            if (!numbers.IsEmpty) System.Require(scope.Of(counts), numbers.Last + 1L, first with { Place = ProblemPlace.Name(source.Tensors[0].Found.Tensor), Name = $"{source.Tensors[0].Found.Name}" });
        }
        if (source.Source.Joined is not null)
        {
            AddJoined(module, parameter, source, scope);
            return;
        }
        foreach (var tensor in source.Tensors)
        {
            if (tensor.Sizes.IsDefault || !Pattern.TryParse(tensor.Source.Pattern, out var pattern, out _)) continue;
            var (items, said) = (pattern.Items.Select(scope.Of).ToList(), Source(module, parameter, tensor));
            if (tensor.IsFlat) items = [items.Aggregate(SizeTerm.One, static (product, size) => product.Times(size))];
            else if (said.Declared == _swapped) items.Reverse();
            for (var i = 0; i < items.Count && i < tensor.Sizes.Length; i++) System.Require(items[i], tensor.Sizes[i].Least, tensor.Sizes[i].Most, said);
        }
    }

    /// <summary>Shards that are laid one after another along their first dimension.</summary>
    private void AddJoined(MatchedModule module, DescribedParameter parameter, MatchedSource source, AxisScope scope)
    {
        if (source.Tensors.Any(static tensor => tensor.Sizes.IsDefaultOrEmpty) || !Pattern.TryParse(source.Source.Pattern, out var pattern, out _)) return;
        var said = Source(module, parameter, source.Tensors[0]);
        System.Require(scope.Of(pattern.Items[0]), source.Tensors.Sum(static tensor => tensor.Sizes[0].Least * tensor.Found.Holes.Aggregate(1L, static (count, numbers) => count * numbers.Count)), said);
        for (var i = 1; i < pattern.Items.Length; i++)
        {
            foreach (var tensor in source.Tensors) System.Require(scope.Of(pattern.Items[i]), tensor.Sizes[i].Least, tensor.Sizes[i].Most, Source(module, parameter, tensor));
        }
    }

    private static SizeSource Source(MatchedModule module, DescribedParameter parameter, MatchedTensor tensor) => new(
        tensor.Found.Name.First,
        $"{module.Class.ShortName}.{parameter.Property} reads \"{tensor.Source.Pattern}\"",
        ProblemPlace.Shape(tensor.Found.Tensor),
        ProblemPlace.Of(module.Class.Name, parameter.Property, tensor.Source.Index, isName: false));
}
