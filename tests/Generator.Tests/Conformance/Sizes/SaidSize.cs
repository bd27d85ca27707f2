using System.Numerics;
using Lanyard.Generator.Conformance.Sizes;

namespace Lanyard.Generator.Tests.Conformance.Sizes;

/// <summary>A requirement as a test makes it up, evaluated without the code that is tested.</summary>
/// <param name="Products">How many times, and which unknowns, as often as they occur.</param>
/// <param name="Block">The block of which the value counts how many there are; one for the sum itself.</param>
/// <param name="IsPadded">Whether the blocks count with their size.</param>
/// <param name="Low">The least value.</param>
/// <param name="High">The most.</param>
public sealed record SaidSize((int Times, int[] Unknowns)[] Products, int Block, bool IsPadded, long Low, long High)
{
    public bool Has(int unknown) => Products.Any(product => product.Unknowns.Contains(unknown));

    /// <summary>The value for some sizes; -1 where it is too large for a number.</summary>
    public long Value(IReadOnlyList<int> sizes)
    {
        var sum = Products.Aggregate(BigInteger.Zero, (sum, product) => sum + product.Unknowns.Aggregate((BigInteger)product.Times, (value, unknown) => value * sizes[unknown]));
        var value = (sum + Block - 1) / Block * (IsPadded ? Block : 1);

        // Nothing has more than that, and what would is no size: not even where it is counted in blocks.
        return BigInteger.Max(sum, value) > long.MaxValue - 10 ? -1 : (long)value;
    }

    public bool IsSatisfied(IReadOnlyList<int> sizes) => Value(sizes) is var value && value >= Low && value <= High;

    /// <summary>What no unknown in it can be above.</summary>
    public long Most => IsPadded ? High : High * Block;

    public SizeTerm In(SizeSystem<int> system)
    {
        var term = Products.Aggregate(SizeTerm.Constant(0), static (sum, product) =>
            sum.Plus(product.Unknowns.Aggregate(SizeTerm.Constant(product.Times), static (term, unknown) => term.Times(SizeTerm.Of(unknown)))));
        return IsPadded ? system.Padded(term, Block) : system.Blocks(term, Block);
    }

    public override string ToString() =>
        $"{string.Join(" + ", Products.Select(product => $"{product.Times} * {string.Join(" * ", product.Unknowns.Select(unknown => "x" + unknown))}"))} by {Block}{(IsPadded ? " padded" : "")} in {Low}..{High}";
}
