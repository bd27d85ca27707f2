namespace Lanyard.Generator.Tests.Conformance.Agreement;

/// <summary>Random classes of a model, and random sizes for it.</summary>
internal sealed class RandomFamily
{
    private static readonly string[] Axes = ["a", "b", "c", "d", "e", "f"];

    private readonly Random _random;
    private readonly List<RandomClass> _classes = [];
    private int _names;

    public RandomFamily(int seed)
    {
        _random = new Random(seed);
        Name = $"Family{seed}";
        Root = Class(depth: 0, []);
        if (_random.Next(3) == 0) Root.Attributes.Add("[CheckpointPrefix(\"lm.\")]");
        if (_random.Next(3) == 0) Root.Attributes.Add("[Ignore(\"vision.**\", Optional = true)]");
    }

    public string Name { get; }

    public RandomClass Root { get; }

    public string Source => string.Join("\n", _classes.Select(static type => type.Source));

    /// <summary>Sizes of an instance, by the place of the module and the name: <c>layers.0.a</c>; whether it has what is optional, <c>layers.0.?x</c>; how many items, <c>layers.#</c>; of which class, <c>layers.0.mlp.!</c>.</summary>
    /// <param name="root">The class.</param>
    /// <param name="random">What chooses.</param>
    /// <param name="chosen">What is chosen already; sizes that follow from others are worked out anew.</param>
    public static Dictionary<string, int> Sizes(RandomClass root, Random random, IReadOnlyDictionary<string, int>? chosen = null)
    {
        var sizes = new Dictionary<string, int>(StringComparer.Ordinal);
        Add(root, "", [], null);
        return sizes;

        void Add(RandomClass type, string path, IReadOnlyList<Dictionary<string, int>> around, RandomChild? via)
        {
            var own = new Dictionary<string, int>(StringComparer.Ordinal);
            foreach (var axis in type.Axes)
            {
                var outer = around.FirstOrDefault(scope => scope.ContainsKey(axis));
                var tie = via?.Ties.FirstOrDefault(tie => tie.Axis == axis);
                own[axis] = tie is { Axis: not null } ? tie.Value.Factors.Length == 0 ? Size(path + axis) : tie.Value.Factors.Aggregate(1, (size, factor) => size * around.First(scope => scope.ContainsKey(factor))[factor]) : outer?[axis] ?? Size(path + axis);
                sizes[path + axis] = own[axis];
            }
            foreach (var flag in type.Flags) sizes[path + "?" + flag] = type.Always.Contains(flag) ? 1 : Choice(path + "?" + flag, 0, 2);
            foreach (var child in type.Children)
            {
                var count = child.When is not null ? sizes[path + "?" + child.When] : child.IsList ? Choice(path + child.Name + ".#", 1, 5) : child.IsOptional ? Choice(path + child.Name + ".#", 0, 2) : 1;
                if (child.When is null && (child.IsList || child.IsOptional)) sizes[path + child.Name + ".#"] = count;
                for (var i = 0; i < count; i++)
                {
                    var below = path + child.Name + (child.IsList ? $".{i}." : ".");
                    var choice = child.Classes.Count > 1 ? Choice(below + "!", 0, child.Classes.Count) : 0;
                    if (child.Classes.Count > 1) sizes[below + "!"] = choice;
                    Add(child.Classes[choice], below, [own, .. around], child);
                }
            }
        }

        int Choice(string key, int least, int end) => chosen is not null && chosen.TryGetValue(key, out var known) ? known : random.Next(least, end);

        int Size(string key) => chosen is not null && chosen.TryGetValue(key, out var known) ? known : random.Next(6) == 0 ? 16 * (1 + random.Next(20)) : 2 + random.Next(11);
    }

    private RandomClass Class(int depth, IReadOnlyList<RandomClass> around)
    {
        var type = new RandomClass($"{Name}{(char)('A' + _classes.Count)}");
        _classes.Add(type);
        foreach (var axis in Axes.OrderBy(_ => _random.Next()).Take(3 + _random.Next(3)).Order(StringComparer.Ordinal)) type.Axes.Add(axis);
        var parameters = new RandomParameters(type, _random, () => _names++);
        for (var i = 1 + _random.Next(depth == 0 ? 2 : 4); i > 0; i--) parameters.Add(mayBeAbsent: i > 1);
        if (depth == 2) return type;
        for (var i = _random.Next(depth == 0 ? 1 : 0, 3); i > 0; i--)
        {
            RandomClass[] classes = [.. Enumerable.Range(0, _random.Next(4) == 0 ? 2 : 1).Select(_ => Class(depth + 1, [type, .. around]))];
            List<(string, string[])> ties = [];
            foreach (var axis in classes[0].Axes.Where(_ => _random.Next(5) == 0))
            {
                var factors = type.Axes.OrderBy(_ => _random.Next()).Take(_random.Next(3)).ToArray();
                ties.Add((axis, factors));
            }
            var isList = _random.Next(3) == 0;
            var isOptional = !isList && _random.Next(3) == 0;

            // Sometimes with parameters.
            var when = isOptional && type.Flags.Count > 0 && _random.Next(2) == 0 ? type.Flags[^1] : null;
            type.Children.Add(new RandomChild($"m{_names++}", classes)
            {
                IsList = isList,
                IsOptional = isOptional,
                When = when,
                Ties = ties,
                Axes = ties.Count == 0 ? null : string.Join(", ", ties.Select(static tie => $"{tie.Item1} = {(tie.Item2.Length == 0 ? "?" : tie.Item2.Length == 1 ? tie.Item2[0] : $"({string.Join(' ', tie.Item2)})")}")),
            });
        }
        return type;
    }
}
