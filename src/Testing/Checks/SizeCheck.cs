using Lanyard.Layouts;

namespace Lanyard.Testing.Checks;

/// <summary>
/// Looks for sizes that are equal: an axis in the place of another, or a matrix turned round, is seen by shapes only where they differ.
/// </summary>
/// <param name="alike">Texts of axes and dimensions that are one size by design, with equals signs between.</param>
/// <param name="found">Is told of each pair.</param>
internal sealed class SizeCheck(IEnumerable<string> alike, Action<string, string> found)
{
    private readonly List<HashSet<string>> _alike = [.. alike.Select(text => text.Split('=', StringSplitOptions.TrimEntries).ToHashSet(StringComparer.Ordinal))];
    private readonly HashSet<HashSet<string>> _used = [];

    /// <summary>Those that nothing needed.</summary>
    public IEnumerable<string> Unused => _alike.Where(set => !_used.Contains(set)).Select(set => string.Join(" = ", set));

    public void Run(IParameterModule model)
    {
        foreach (var module in model.AllParameters().GroupBy(item => item.Parameter.Owner))
        {
            var first = module.First();
            var path = first.Name.Length > first.Parameter.Entry.Name.Length ? first.Name[..^(first.Parameter.Entry.Name.Length + 1)] : module.Key.Map.Type;
            Axes(path, module.Key, [.. module.Select(item => item.Parameter.Entry)]);
            foreach (var (name, parameter) in module) Dimensions(name, parameter);
        }
    }

    private void Axes(string path, ParameterSet set, List<ParameterEntry> entries)
    {
        var used = entries.SelectMany(entry => entry.Sources.Select(source => source.Pattern).Append(entry.Pattern)).SelectMany(text => AxisNames.In(Pattern.Parse(text).Items))
            .Concat(entries.SelectMany(entry => entry.Sources).SelectMany(source => AxisNames.In(NamePattern.Parse(source.Name)))).ToHashSet(StringComparer.Ordinal);
        List<Axis> axes = [.. set.Axes.Where(axis => used.Contains(axis.Name))];
        foreach (var axis in axes.Where(axis => axis.Size == 1)) Report(path, axis.Name, "1", $"{axis.Name} is 1: where it stands could not be seen");
        Pairs(path, axes.Where(axis => axis.Size > 1).Select(axis => (axis.Name, axis.Size)));
    }

    private void Dimensions(string name, BoundParameter parameter)
    {
        foreach (var text in parameter.Entry.Sources.Select(source => source.Pattern).Append(parameter.Entry.Pattern).Distinct())
        {
            var items = Pattern.Parse(text).Items;
            var shape = Layout.FullShapeOf(Pattern.Parse(text), parameter.Owner.Axes);

            // Two axes by themselves are compared once for the module.
            Pairs(name, items.Zip(shape, (item, size) => (Item: item, Size: size)).Where(dimension => dimension.Item is not OneNode && dimension.Size > 1).Select(dimension => ($"{dimension.Item}", dimension.Size)), aside: (left, right) => IsAxis(left) && IsAxis(right));
        }

        static bool IsAxis(string text) => !text.Contains('(', StringComparison.Ordinal);
    }

    private void Pairs(string name, IEnumerable<(string Text, long Size)> sizes, Func<string, string, bool>? aside = null)
    {
        foreach (var same in sizes.GroupBy(item => item.Size))
        {
            List<string> texts = [.. same.Select(item => item.Text).Order(StringComparer.Ordinal)];
            for (var i = 0; i < texts.Count; i++)
            {
                for (var j = i + 1; j < texts.Count; j++)
                {
                    if (aside?.Invoke(texts[i], texts[j]) is not true) Report(name, texts[i], texts[j], $"{texts[i]} and {texts[j]} are both {same.Key}: one in the place of the other could not be seen");
                }
            }
        }
    }

    private void Report(string name, string left, string right, string detail)
    {
        if (_alike.Find(set => set.Contains(left) && set.Contains(right)) is { } known) _used.Add(known);
        else found(name, detail);
    }
}
