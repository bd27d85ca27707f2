using System.Collections.Immutable;
using System.Numerics;
using System.Runtime.CompilerServices;
using Lanyard.Layouts;

namespace Lanyard.Maps;

/// <summary>
/// What two axes must not do to each other on the ranks of one topology: divide one element over the same ranks, or mix on a rank what
/// reads other indices than it holds. Every rank finds the same.
/// </summary>
internal sealed class SharedAxes
{
    // Once for each class: nearly always there is no such pair.
    private static readonly ConditionalWeakTable<ModuleMap, List<Pair>> Pairs = [];

    private readonly ModuleMap _map;
    private readonly AxisUse _use;
    private readonly ImmutableArray<Axis> _axes;
    private readonly Topology _topology;
    private readonly Func<Topology, Axis?[]> _on;

    /// <param name="map">What the class declares.</param>
    /// <param name="use">What the instance uses.</param>
    /// <param name="axes">What this rank holds.</param>
    /// <param name="topology">Which rank it is.</param>
    /// <param name="on">What another rank holds.</param>
    public SharedAxes(ModuleMap map, AxisUse use, Axis[] axes, Topology topology, Func<Topology, Axis?[]> on) =>
        (_map, _use, _axes, _topology, _on) = (map, use, [.. axes], topology, on);

    public IEnumerable<string> Problems() => Corners().Concat(Mixed()).Concat(Uneven()).Distinct();

    private IEnumerable<string> Corners() =>
        from pair in Pairs.GetValue(_map, static map => [.. PairsOf(map)])
        where _use.IsLoaded(pair.Parameter) && Loses(pair)
        select $"{pair.First} and {pair.Second} of {pair.Parameter.Property}, \"{pair.Parameter.Pattern}\", are both divided over the {Ranks(pair.Shard)}, so that what lies in no rank's corner would be on none: divide one of them, or declare a second axis of that size that is held whole";

    private static string Ranks(Shard shard) => shard == Shard.Expert ? "expert-parallel ranks" : "tensor-parallel ranks";

    private static IEnumerable<Pair> PairsOf(ModuleMap map)
    {
        var use = new AxisUse(map, static _ => true);
        var shards = map.Axes.DistinctBy(static axis => axis.Name).ToDictionary(static axis => axis.Name, static axis => axis.Shard, StringComparer.Ordinal);
        if (shards.Values.All(static shard => shard == Shard.None)) yield break;
        foreach (var entry in map.Parameters)
        {
            if (!Pattern.TryParse(entry.Pattern, out var pattern, out _)) continue;
            foreach (var (first, second) in AxisPairs.Of(pattern))
            {
                foreach (var shard in ShardsOf(first.Name).Intersect(ShardsOf(second.Name))) yield return new Pair(entry, first.Name, second.Name, shard);
            }
        }

        IEnumerable<Shard> ShardsOf(string axis) => use.LeadersOf(axis).Append(axis)
            .Select(name => shards.GetValueOrDefault(name)).Where(static shard => shard != Shard.None)
            .Select(static shard => shard == Shard.Expert ? Shard.Expert : Shard.Tensor).Distinct();
    }

    /// <summary>Parts of one dimension of which one is divided over tensor-parallel ranks and another is whole on each, though nobody says that it should be.</summary>
    private IEnumerable<string> Uneven()
    {
        if (_topology.TensorSize == 1) return [];
        var loaded = _map.Parameters.Where(_use.IsLoaded).Select(entry => (Entry: entry, Pattern: Pattern.TryParse(entry.Pattern, out var parsed, out _) ? parsed : null)).Where(parameter => parameter.Pattern is not null).ToList();
        var within =
            from parameter in loaded
            from pair in UnevenParts.Of(parameter.Pattern!, IsDivided, MayBeWhole)
            select Problem(parameter.Entry, pair.Whole, pair.Divided, "beside it");
        var across =
            from pair in UnevenParts.Across(loaded.ConvertAll(parameter => parameter.Pattern!), IsDivided, MayBeWhole, axis => !_map.Axes[IndexOf(axis)].Labels.IsDefaultOrEmpty)
            select Problem(loaded[pair.Whole.Pattern].Entry, pair.Whole.Axis, pair.Divided.Axis, $"in its place in {loaded[pair.Divided.Pattern].Entry.Property}");
        return within.Concat(across).DistinctBy(problem => problem.Whole).Select(problem => problem.Text);

        bool IsDivided(string axis) => Shards(axis).SequenceEqual([Shard.Tensor]);

        bool MayBeWhole(string axis) => Shards(axis).Length > 0 || _axes[IndexOf(axis)].Size == 1 || _map.Axes[IndexOf(axis)].Whole;

        static (string Whole, string Text) Problem(ParameterEntry entry, AxisNode whole, AxisNode divided, string where) => (
            whole.Name,
            $"{whole.Name} of {entry.Property}, \"{entry.Pattern}\", is whole on every tensor-parallel rank, and {divided.Name} {where} is divided over them: declare {whole.Name} with Follows = \"{divided.Name}\" or with Shard.Tensor, or, where forward counts on all of it, with Whole = true");

        Shard[] Shards(string axis) => [.. _use.LeadersOf(axis).Append(axis).Select(name => IndexOf(name) is >= 0 and var i ? _map.Axes[i].Shard : Shard.None).Where(static shard => shard != Shard.None).Distinct()];
    }

    /// <summary>Whether some index of the one is on no rank together with some index of the other.</summary>
    private bool Loses(Pair pair)
    {
        var second = RanksOf(pair.Second, pair.Shard);
        return RanksOf(pair.First, pair.Shard).Any(ranks => second.Any(others => (ranks & others).IsZero));
    }

    /// <summary>The sets of ranks that hold an index, each once, as bits.</summary>
    private HashSet<BigInteger> RanksOf(string axis, Shard shard)
    {
        var i = IndexOf(axis);
        var ranks = new BigInteger[_axes[i].Size];
        foreach (var (number, rank) in _topology.Ranks(shard).Index())
        {
            foreach (var run in _on(rank)[i]!.Held.Runs(ranks.Length))
            {
                for (var index = run.Start; index <= run.Last; index += run.Step) ranks[index] |= BigInteger.One << number;
            }
        }
        return [.. ranks];
    }

    /// <summary>
    /// An axis that ranks share stands for what the others read of it, and so does one that is divided beside another in one dimension, as keys beside queries: where the two
    /// are not cut alike, a rank would have indices that read what it does not hold.
    /// </summary>
    private IEnumerable<string> Mixed()
    {
        if (_topology.TensorSize == 1) yield break;
        var beside = _map.Parameters.Where(_use.IsLoaded).Select(static entry => Pattern.TryParse(entry.Pattern, out var pattern, out _) ? pattern : null).OfType<Pattern>().SelectMany(UnevenParts.InPlaceOfEachOther).ToHashSet();
        for (var shared = 0; shared < _axes.Length; shared++)
        {
            if (!_map.Axes[shared].Replicate && _map.Axes[shared].Shard != Shard.Tensor) continue;
            for (var reader = 0; reader < _axes.Length; reader++)
            {
                var entry = _map.Axes[reader];
                if (entry.Shard != Shard.Tensor || (_map.Axes[shared].Replicate ? entry.PadTo == 1 && entry.Unit == 0 && !entry.Padded : !beside.Contains((entry.Name, _map.Axes[shared].Name)))) continue;
                if (_use.IsUnused(entry.Name) || _use.IsUnused(_axes[shared].Name) || Mix(reader, shared) is not var (rank, index, read)) continue;
                var (a, b) = (_axes[reader].Name, _axes[shared].Name);
                yield return _map.Axes[shared].Replicate
                    ? $"rank {rank} of {_topology.TensorSize} would hold index {index} of {a}, which reads index {read} of {b}, and another index of that: declare {a} with PadWithin = \"{b}\" in place of {(entry.PadTo == 1 ? "Unit" : "PadTo")}, or {b} with Follows = \"{a}\" in place of Replicate (of the axis that reads it, where that is another)"
                    : $"rank {rank} of {_topology.TensorSize} would hold index {index} of {a} without index {read} of {b}, which it reads where the {_axes[reader].Size} share the {_axes[shared].Size} evenly, as query heads do key heads: declare {b} with Follows = \"{a}\" and no Shard";
            }
        }
    }

    /// <summary>A rank with an index that reads what the rank does not hold.</summary>
    private (int Rank, long Index, long Read)? Mix(int reader, int shared)
    {
        var (size, runs) = (_axes[reader].Size, _axes[shared].Size);
        if (size <= runs || size % runs != 0) return null;
        foreach (var rank in _topology.Ranks(Shard.Tensor))
        {
            var held = _on(rank);
            if (held[reader]!.Held.Runs(size) is not [var indices] || held[shared]!.Held.Runs(runs) is not [var keys]) continue;
            var (first, last) = (indices.Start / (size / runs), indices.Last / (size / runs));
            if (first < keys.Start) return (rank.TensorRank, indices.Start, first);
            if (last > keys.Last) return (rank.TensorRank, indices.Last, last);
        }
        return null;
    }

    private int IndexOf(string axis)
    {
        for (var i = 0; i < _axes.Length; i++)
        {
            if (_axes[i].Name == axis) return i;
        }
        return -1;
    }

    /// <summary>Two axes of one element that are divided over the same ranks.</summary>
    private sealed record Pair(ParameterEntry Parameter, string First, string Second, Shard Shard);
}
