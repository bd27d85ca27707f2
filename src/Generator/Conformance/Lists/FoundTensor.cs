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

    /// <summary>How many tensors were found.</summary>
    public long Count => Product.Of(Left);

    /// <summary>The names found.</summary>
    public NameTemplate Name => Tensor.Name.With(Left);

    /// <summary>What of the names follows the prefix that was asked for; empty where whole names were.</summary>
    public NameTemplate Rest => _name.After(_query, Left);

    /// <summary>The names found.</summary>
    public override string ToString() => $"{Name}";
}
