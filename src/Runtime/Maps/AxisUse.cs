using Lanyard.Layouts;

namespace Lanyard.Maps;

/// <summary>Which axes the parameters of an instance use.</summary>
/// <param name="map">What the class declares.</param>
/// <param name="has">Whether the instance has a parameter.</param>
internal sealed class AxisUse(ModuleMap map, Func<int, bool> has)
{
    private readonly Dictionary<string, HashSet<string>> _leaders = new(StringComparer.Ordinal);

    /// <summary>Whether only parameters have the axis, or one that follows it, that the instance lacks.</summary>
    public bool IsUnused(string axis)
    {
        var users = map.Parameters.Where(entry => Pattern.TryParse(entry.Pattern, out var pattern, out _) && Nodes.AxesOf(pattern.Items).Any(used => used.Name == axis || LeadersOf(used.Name).Contains(axis))).ToList();
        return users.Count > 0 && users.TrueForAll(entry => !has(entry.Index));
    }

    /// <summary>Whether the instance has the parameter, and loads it.</summary>
    public bool IsLoaded(ParameterEntry entry) => !entry.Sources.IsEmpty && has(entry.Index);

    /// <summary>The axes that decide what a rank holds of one: those that it follows, and those that these follow.</summary>
    public IReadOnlySet<string> LeadersOf(string axis)
    {
        if (_leaders.TryGetValue(axis, out var leaders)) return leaders;
        _leaders.Add(axis, leaders = new HashSet<string>(StringComparer.Ordinal));
        var entry = map.Axes.FirstOrDefault(entry => entry.Name == axis);
        if (entry?.PadWithin is { } within) leaders.Add(within);
        if (entry?.Follows is { } follows && Pattern.TryParse(follows, out var pattern, out _))
        {
            foreach (var leader in Nodes.AxesOf(pattern.Items))
            {
                leaders.Add(leader.Name);
                leaders.UnionWith(LeadersOf(leader.Name));
            }
        }
        return leaders;
    }
}
