using System.Collections.Immutable;

namespace Lanyard.Generator.Conformance.Lists;

/// <summary>What of a row a query found.</summary>
public sealed class FoundTensor
{
    private readonly NameKey _name;
    private readonly NameKey _query;

    internal FoundTensor(ListedTensor tensor, int row, NameKey name, NameKey query, ImmutableArray<NumberSet> left, ImmutableArray<NumberSet> holes) =>
        (Tensor, Row, _name, _query, Left, Holes) = (tensor, row, name, query, left, holes);

    /// <summary>The row.</summary>
    public ListedTensor Tensor { get; }

    /// <summary>Which row of the list it is.</summary>
    public int Row { get; }

    /// <summary>For each hole of the row, the numbers that the query leaves of it: one where the query has a number there.</summary>
    public ImmutableArray<NumberSet> Left { get; }

    /// <summary>For each hole of the query, the numbers that stand there. They multiply out to the names found.</summary>
    public ImmutableArray<NumberSet> Holes { get; }

    /// <summary>The numbers of each hole of the row, where a number of the query stands for a group, and where fewer numbers of its holes are meant.</summary>
    /// <param name="groups">The groups, each with the place of its number among all of the query.</param>
    /// <param name="holes">The numbers that are meant of each hole of the query; none for those that were found.</param>
    public ImmutableArray<NumberSet> Taken(ImmutableArray<(int Slot, NumberSet Numbers)> groups, ImmutableArray<NumberSet> holes = default)
    {
        var taken = Left.ToBuilder();
        for (var slot = 0; slot < _query.Slots.Length; slot++)
        {
            if (_name.Slots[slot].Hole is not (>= 0 and var hole)) continue;
            if (_query.Slots[slot].Hole is >= 0 and var asked) taken[hole] = holes.IsDefault ? taken[hole] : taken[hole].Intersect(holes[asked]);
            else if (groups.Where(group => group.Slot == slot).Select(static group => group.Numbers).FirstOrDefault() is { } numbers) taken[hole] = Tensor.Name.Holes[hole].Intersect(numbers);
        }
        return taken.ToImmutable();
    }

    /// <summary>What of it has some numbers in the holes of the query; null where nothing has.</summary>
    /// <param name="holes">The numbers of each hole.</param>
    public FoundTensor? Within(ImmutableArray<NumberSet> holes)
    {
        ImmutableArray<NumberSet> found = [.. Holes.Select((numbers, hole) => numbers.Intersect(holes[hole]))];
        return found.Any(static numbers => numbers.IsEmpty) ? null : new FoundTensor(Tensor, Row, _name, _query, Taken([], found), found);
    }

    /// <summary>How many tensors were found.</summary>
    public long Count => Product.Of(Left);

    /// <summary>The names found.</summary>
    public NameTemplate Name => Tensor.Name.With(Left);

    /// <summary>What of the names follows the prefix that was asked for; empty where whole names were.</summary>
    public NameTemplate Rest => _name.After(_query, Left);

    /// <summary>The names found.</summary>
    public override string ToString() => $"{Name}";
}
