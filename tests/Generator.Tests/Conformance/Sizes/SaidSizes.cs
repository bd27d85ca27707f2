using CsCheck;

namespace Lanyard.Generator.Tests.Conformance.Sizes;

/// <summary>Sizes, what is said of them, and terms to ask for.</summary>
public sealed record SaidSizes(int[] Truth, SaidSize[] Said, SaidSize[] Asked)
{
    private const long MostTried = 10_000;

    private const long Free = 11;

    /// <summary>All that is said is true.</summary>
    public static readonly Gen<SaidSizes> True =
        from truth in Gen.Int[1, 7].Array[1, 4]
        from said in Size(truth).Array[1, 7]
        from asked in Size(truth).Array[3]
        select new SaidSizes(truth, said, asked);

    /// <summary>One of what is said may be false.</summary>
    public static readonly Gen<SaidSizes> Changed =
        from sizes in True
        from at in Gen.Int[0, sizes.Said.Length - 1]
        from change in Gen.OneOf(Gen.Int[-3, 3], Gen.Int[-20, 20])
        select sizes with { Said = [.. sizes.Said.Select((said, i) => i == at ? said with { Low = said.Low + change, High = said.High + change } : said)] };

    /// <summary>Nothing that is said need be true.</summary>
    public static readonly Gen<SaidSizes> Any =
        from sizes in True
        from values in Gen.Long[1, 40].Array[sizes.Said.Length]
        select sizes with { Said = [.. sizes.Said.Select((said, i) => said with { Low = values[i], High = values[i] + said.High - said.Low })] };

    /// <summary>All that is said is true, of sizes that nobody can try one by one.</summary>
    public static readonly Gen<SaidSizes> Large =
        from digits in Gen.Int[7, 30]
        let most = 1 << digits
        from truth in Gen.Int[1, most].Array[2, 6]
        from said in Size(truth).Array[1, 10]
        select new SaidSizes(truth, [.. said.Where(static one => one.Low >= 0)], []);

    /// <summary>All sizes that satisfy some requirements, an unknown of which nothing is said being at most 11; null where there are too many to try.</summary>
    public List<int[]>? Solutions(IReadOnlyCollection<SaidSize> said)
    {
        var most = Truth.Select((_, unknown) => said.Where(one => one.Has(unknown)).Select(static one => one.Most).DefaultIfEmpty(Free).Min()).ToArray();
        if (most.Any(static bound => bound < 1)) return [];
        if (most.Aggregate(1.0, static (product, bound) => product * bound) > MostTried) return null;
        var found = new List<int[]>();
        var sizes = new int[Truth.Length];
        Array.Fill(sizes, 1);
        while (true)
        {
            if (said.All(one => one.IsSatisfied(sizes))) found.Add([.. sizes]);
            var next = 0;
            while (next < sizes.Length && sizes[next] == most[next]) sizes[next++] = 1;
            if (next == sizes.Length) return found;
            sizes[next]++;
        }
    }

    public override string ToString() => $"[{string.Join(", ", Truth)}]: {string.Join("; ", Said.AsEnumerable())} | {string.Join("; ", Asked.AsEnumerable())}";

    private static Gen<SaidSize> Size(int[] truth) =>
        from products in Gen.Select(Gen.Frequency((4, Gen.Const(1)), (1, Gen.Int[1, 4])), Gen.Int[0, truth.Length - 1].Array[1, 3]).Array[1, 3]
        from fewer in Gen.Int[1, products.Length]
        from block in Gen.Frequency((4, Gen.Const(1)), (1, Gen.Int[2, 5]))
        from isPadded in Gen.Bool
        from below in Gen.Frequency((5, Gen.Const(0)), (1, Gen.Int[0, 4]))
        from above in Gen.Frequency((5, Gen.Const(0)), (1, Gen.Int[0, 4]))
        let said = new SaidSize([.. products.Take(fewer)], block, isPadded && block > 1, 0, 0)
        let value = said.Value(truth)
        select value < 0 ? said with { Low = -1 } : said with { Low = value - (below > 0 && above > 0 ? below : 0), High = value + (below > 0 ? above : 0) };
}
