using System.Collections.Immutable;

namespace Lanyard.Generator.Conformance.Lists;

/// <summary>Which names of a row nobody has claimed yet.</summary>
/// <param name="tensor">The row.</param>
public sealed class Remaining(ListedTensor tensor)
{
    private readonly NumberBoxes _boxes = new(tensor.Name.Holes);

    /// <summary>The row.</summary>
    public ListedTensor Tensor { get; } = tensor;

    /// <summary>How many names are left.</summary>
    public long Count => Boxes.Aggregate(0L, static (sum, sets) => Product.Plus(sum, Product.Of(sets)));

    /// <summary>Whether no name is left.</summary>
    public bool IsEmpty => Boxes.Count == 0;

    /// <summary>What is left: the numbers of each hole of the row.</summary>
    public IReadOnlyList<ImmutableArray<NumberSet>> Boxes => _boxes.Left;

    /// <summary>What is left.</summary>
    public ImmutableArray<NameTemplate> Names => [.. Boxes.Select(Tensor.Name.With)];

    /// <summary>Claims names.</summary>
    /// <param name="sets">The numbers of each hole of the row.</param>
    /// <returns>How many of them nobody had claimed before.</returns>
    public long Claim(ImmutableArray<NumberSet> sets) => _boxes.Claim(sets);
}
