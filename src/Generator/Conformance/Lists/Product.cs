namespace Lanyard.Generator.Conformance.Lists;

/// <summary>How many ways there are to take one number of each set.</summary>
internal static class Product
{
    /// <summary>The product of the counts; the greatest long where it is more than that.</summary>
    public static long Of(IEnumerable<NumberSet> sets)
    {
        var (product, isMore) = (1L, false);
        foreach (var set in sets)
        {
            if (set.IsEmpty) return 0;
            if (product > long.MaxValue / set.Count) isMore = true;
            else product *= set.Count;
        }
        return isMore ? long.MaxValue : product;
    }

    /// <summary>The sum; the greatest long where it is more than that.</summary>
    public static long Plus(long left, long right) => left > long.MaxValue - right ? long.MaxValue : left + right;
}
