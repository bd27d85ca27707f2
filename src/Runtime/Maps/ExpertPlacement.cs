using System.Collections.Immutable;
using Lanyard.Layouts;

namespace Lanyard;

/// <summary>Which experts each expert-parallel rank holds, and in which order.</summary>
public sealed class ExpertPlacement : IEquatable<ExpertPlacement>
{
    private readonly string? _rule;

    private ExpertPlacement(string? rule, ImmutableArray<ImmutableArray<long>> lists) => (_rule, Lists) = (rule, lists);

    /// <summary>One contiguous range for each rank; the first ranks hold one expert more where the sizes do not divide.</summary>
    public static ExpertPlacement Linear { get; } = new("linear", []);

    /// <summary>Rank r of n holds the experts r, r + n, r + 2n and so on.</summary>
    public static ExpertPlacement RoundRobin { get; } = new("round robin", []);

    /// <summary>The list of each rank, for a placement that is given one by one; otherwise empty.</summary>
    public ImmutableArray<ImmutableArray<long>> Lists { get; }

    /// <summary>
    /// A placement that is given one by one. An expert may have several places, as a busy one does that is balanced over them: on several
    /// ranks, or on one; every expert must have one at least.
    /// </summary>
    /// <param name="lists">For each rank its experts, in the order of its memory.</param>
    /// <exception cref="ArgumentException">There is no rank, or an index is negative.</exception>
    public static ExpertPlacement Listed(ImmutableArray<ImmutableArray<long>> lists)
    {
        if (lists.IsDefaultOrEmpty)
            throw new ArgumentException("A placement needs a list for each rank.", nameof(lists));
        foreach (var list in lists)
            _ = AxisShare.List(list.IsDefault ? [] : list);
        return new(null, [.. lists.Select(static list => list.IsDefault ? [] : list)]);
    }

    /// <summary>Two placements are equal when they place alike.</summary>
    public bool Equals(ExpertPlacement? other) =>
        other is not null
        && _rule == other._rule
        && Lists.Length == other.Lists.Length
        && Lists.Zip(other.Lists, Sequences.Same).All(static same => same);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as ExpertPlacement);

    /// <inheritdoc/>
    public override int GetHashCode() => Lists.Aggregate(_rule?.Length ?? 0, static (hash, list) => Sequences.Hash(list, hash));

    /// <summary>The rule, or the lists: <c>[0, 3], [1, 2]</c>.</summary>
    public override string ToString() => _rule ?? string.Join(", ", Lists.Select(static list => $"[{string.Join(", ", list)}]"));

    /// <summary>What a rank holds of an axis of experts.</summary>
    /// <param name="experts">The size of the axis.</param>
    /// <param name="rank">The rank.</param>
    /// <param name="ranks">How many ranks there are.</param>
    /// <param name="problem">Why these lists do not place these experts, or null.</param>
    internal AxisShare Share(long experts, int rank, int ranks, out string? problem)
    {
        problem = null;
        if (Equals(Linear))
            return AxisShare.Range(Start(experts, rank, ranks), Start(experts, rank + 1, ranks) - Start(experts, rank, ranks));
        if (Equals(RoundRobin))
            return AxisShare.List([.. Every(ranks, rank, experts)]);
        var placed = Lists.SelectMany(static list => list).ToHashSet();
        if (placed.Count(expert => expert < experts) < experts)
            problem = $"the placement leaves out {string.Join(", ", Every(1, 0, experts).Where(expert => !placed.Contains(expert)))}";
        else if (placed.Count > experts)
            problem = $"the placement names {string.Join(", ", placed.Where(expert => expert >= experts).Order())}";
        return AxisShare.List(Lists[rank]);
    }

    private static long Start(long experts, long rank, long ranks) => (rank * (experts / ranks)) + Math.Min(rank, experts % ranks);

    private static IEnumerable<long> Every(long step, long first, long end)
    {
        for (var index = first; index < end; index += step)
            yield return index;
    }
}
