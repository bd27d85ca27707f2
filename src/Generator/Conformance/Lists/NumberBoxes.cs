using System.Collections.Immutable;

namespace Lanyard.Generator.Conformance.Lists;

/// <summary>What of a product of number sets nobody has claimed yet, as products that have nothing in common.</summary>
/// <param name="all">The number sets.</param>
public sealed class NumberBoxes(ImmutableArray<NumberSet> all)
{
    /// <summary>What is left.</summary>
    public IReadOnlyList<ImmutableArray<NumberSet>> Left { get; private set; } = [all];

    /// <summary>Claims a product.</summary>
    /// <param name="sets">Its number sets.</param>
    /// <returns>How much of it nobody had claimed before.</returns>
    public long Claim(ImmutableArray<NumberSet> sets)
    {
        var claimed = 0L;
        var left = new List<ImmutableArray<NumberSet>>();
        foreach (var box in Left)
        {
            ImmutableArray<NumberSet> common = [.. box.Zip(sets, static (ours, theirs) => ours.Intersect(theirs))];
            if (common.Any(static set => set.IsEmpty))
            {
                left.Add(box);
                continue;
            }
            claimed = Product.Plus(claimed, Product.Of(common));
            for (var hole = 0; hole < box.Length; hole++)
            {
                var rest = box[hole].Except(common[hole]);

                // Before this hole what is common, after it all: so the parts have nothing in common.
                if (!rest.IsEmpty) left.Add([.. common.Take(hole), rest, .. box.Skip(hole + 1)]);
            }
        }
        Left = left;
        return claimed;
    }
}
