using System.Collections.Immutable;

namespace Lanyard.Generator.Conformance.Lists;

/// <summary>Which names of a row nobody has claimed yet, as products that have no name in common.</summary>
/// <param name="tensor">The row.</param>
public sealed class Remaining(ListedTensor tensor)
{
    private List<ImmutableArray<NumberSet>> _left = [tensor.Name.Holes];

    /// <summary>The row.</summary>
    public ListedTensor Tensor { get; } = tensor;

    /// <summary>How many names are left.</summary>
    public long Count => _left.Aggregate(0L, (sum, sets) => Product.Plus(sum, Product.Of(sets)));

    /// <summary>Whether no name is left.</summary>
    public bool IsEmpty => _left.Count == 0;

    /// <summary>What is left.</summary>
    public ImmutableArray<NameTemplate> Names => [.. _left.Select(Tensor.Name.With)];

    /// <summary>Claims names.</summary>
    /// <param name="sets">The numbers of each hole of the row.</param>
    /// <returns>How many of them nobody had claimed before.</returns>
    public long Claim(ImmutableArray<NumberSet> sets)
    {
        var claimed = 0L;
        var left = new List<ImmutableArray<NumberSet>>();
        foreach (var box in _left)
        {
            ImmutableArray<NumberSet> common = [.. box.Zip(sets, (ours, theirs) => ours.Intersect(theirs))];
            if (common.Any(set => set.IsEmpty))
            {
                left.Add(box);
                continue;
            }
            claimed = Product.Plus(claimed, Product.Of(common));
            for (var hole = 0; hole < box.Length; hole++)
            {
                var rest = box[hole].Except(common[hole]);
                // Before this hole what is common, after it all: so the parts have no name in common.
                if (!rest.IsEmpty) left.Add([.. common.Take(hole), rest, .. box.Skip(hole + 1)]);
            }
        }
        _left = left;
        return claimed;
    }
}
