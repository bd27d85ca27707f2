using System.Collections.Immutable;
using Lanyard.Layouts;

namespace Lanyard.Maps;

/// <summary>What a rank holds of each axis of a module.</summary>
internal sealed class AxisShares
{
    private readonly ModuleMap _map;
    private readonly ImmutableArray<long> _sizes;
    private readonly Topology _topology;
    private readonly Axis?[] _axes;
    private readonly string?[] _wrong;
    private readonly List<string> _following = [];

    private AxisShares(ModuleMap map, ImmutableArray<long> sizes, Topology topology)
    {
        (_map, _sizes, _topology) = (map, sizes, topology);
        (_axes, _wrong) = (new Axis?[sizes.Length], new string?[sizes.Length]);
        for (var i = 0; i < sizes.Length; i++) Resolve(i);
    }

    /// <param name="map">What the class declares.</param>
    /// <param name="sizeOf">The size of an axis.</param>
    /// <param name="has">Whether the instance has a parameter.</param>
    /// <param name="topology">Which rank it is.</param>
    /// <exception cref="ArgumentException">The topology does not divide an axis that the instance uses, or would leave elements on no rank; all such axes are named.</exception>
    public static ImmutableArray<Axis> Of(ModuleMap map, Func<int, long> sizeOf, Func<int, bool> has, Topology topology)
    {
        ImmutableArray<long> sizes = [.. Enumerable.Range(0, map.Axes.Length).Select(sizeOf)];
        var shares = new AxisShares(map, sizes, topology);
        var use = new AxisUse(map, has);
        var wrong = new List<string>();
        for (var i = 0; i < sizes.Length; i++)
        {
            if (shares._axes[i] is not null) continue;

            // What only absent parameters have need not be divided: it is held by nobody. So it is with what follows that and no parameter has.
            if (use.IsUnused(map.Axes[i].Name) || shares._wrong[i] is not { Length: > 0 } problem) shares._axes[i] = new Axis(map.Axes[i].Name, Math.Max(sizes[i], 0));
            else wrong.Add(problem);
        }
        if (wrong.Count == 0 && !topology.IsWhole) wrong.AddRange(new SharedAxes(map, use, shares._axes!, topology, rank => new AxisShares(map, sizes, rank)._axes).Problems());
        return wrong.Count == 0 ? [.. shares._axes!] : throw new ArgumentException($"{map.Type} cannot be laid out: {string.Join("; ", wrong)}.");
    }

    /// <summary>Whether one rank can hold the axes that an instance uses.</summary>
    public static bool AreValid(ModuleMap map, Func<int, long> sizeOf, Func<int, bool> has)
    {
        var (shares, use) = (new AxisShares(map, [.. Enumerable.Range(0, map.Axes.Length).Select(sizeOf)], Topology.Single), new AxisUse(map, has));
        return !map.Axes.Where((axis, i) => shares._axes[i] is null && !use.IsUnused(axis.Name) && shares._wrong[i] is { Length: > 0 }).Any();
    }

    /// <summary>The axis; null where something is wrong with it, or with one that it follows.</summary>
    private Axis? Resolve(int i)
    {
        if (_axes[i] is not null || _wrong[i] is not null) return _axes[i];
        var (entry, size) = (_map.Axes[i], _sizes[i]);
        if (size <= 0)
        {
            _wrong[i] = $"{entry.Name} is {size}: set the member before the parameters are created";
        }
        else if (!entry.Labels.IsDefaultOrEmpty && entry.Labels.Length != size)
        {
            _wrong[i] = $"{entry.Name} is {size} but has {entry.Labels.Length} labels";
        }
        else
        {
            var share = entry.Follows is null ? Lead(entry, size, out var problem) : Follow(entry, size, out problem);

            // What is wrong with a leader is said of it, once.
            if (share is null) _wrong[i] ??= problem is null ? "" : $"{entry.Name} of size {size} {problem}";
            else _axes[i] = new Axis(entry.Name, size, entry.Labels, share);
        }
        return _axes[i];
    }

    private AxisShare? Lead(AxisEntry entry, long size, out string? problem)
    {
        long? within = null;
        problem = null;
        if (entry.PadWithin is { } name)
        {
            var i = IndexOf(name);
            if (i < 0) problem = $"is padded within {name}, which is no axis of the class";
            else if (_sizes[i] > 0) within = _sizes[i];
            if (within is null) return null;
        }
        var share = LeaderShare.Of(entry, size, within, _topology, out problem);
        return problem is null ? share : null;
    }

    private AxisShare? Follow(AxisEntry entry, long size, out string? problem)
    {
        if (_following.Contains(entry.Name))
        {
            problem = $"follows itself: {string.Join(", which follows ", [.. _following.SkipWhile(name => name != entry.Name), entry.Name])}";
            return null;
        }
        var items = FollowerShare.LeadersOf(entry, out problem);
        if (problem is not null) return null;
        var leaders = new List<Axis>();
        _following.Add(entry.Name);
        try
        {
            foreach (var name in Nodes.AxesOf(items).Select(static axis => axis.Name).Distinct())
            {
                var i = IndexOf(name);
                if (i < 0) problem = $"follows {name}, which is no axis of the class";
                if (i < 0 || Resolve(i) is not { } leader) return null;
                leaders.Add(leader);
            }
        }
        finally
        {
            _following.RemoveAt(_following.Count - 1);
        }
        var share = FollowerShare.Of(entry, size, items, new AxisTable(leaders), out problem);
        return problem is null ? share : null;
    }

    private int IndexOf(string name)
    {
        for (var i = 0; i < _map.Axes.Length; i++)
        {
            if (_map.Axes[i].Name == name) return i;
        }
        return -1;
    }
}
