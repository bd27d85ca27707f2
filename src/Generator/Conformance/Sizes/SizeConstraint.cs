namespace Lanyard.Generator.Conformance.Sizes;

/// <summary>
/// What one requirement demands, in arrays: a sum of products lies in a range. Or what an unknown of rounding is: <see cref="Scale"/> times how
/// many blocks of <see cref="Block"/> the sum has.
/// </summary>
internal sealed class SizeConstraint
{
    public SizeConstraint(SizeTerm term, ulong low, ulong high, int rounded = -1, ulong block = 1, ulong scale = 1)
    {
        Term = term;
        (Low, High) = (low, high);
        (Rounded, Block, Scale) = (rounded, block, scale);

        var monomials = term.Monomials;
        var total = 0;
        foreach (var monomial in monomials) total += monomial.Factors.Length;
        Coefficients = new ulong[monomials.Length];
        Starts = new int[monomials.Length + 1];
        Unknowns = new int[total];
        Powers = new int[total];
        var end = 0;
        for (var i = 0; i < monomials.Length; i++)
        {
            Coefficients[i] = monomials[i].Coefficient;
            Starts[i] = end;
            foreach (var unknown in monomials[i].Factors)
            {
                if (end > Starts[i] && Unknowns[end - 1] == unknown) Powers[end - 1]++;
                else (Unknowns[end], Powers[end++]) = (unknown, 1);
            }
        }
        Starts[monomials.Length] = end;
        Factors = end;
    }

    public SizeTerm Term { get; }

    public ulong Low { get; }

    public ulong High { get; }

    /// <summary>The unknown of rounding, or -1 where this is a requirement.</summary>
    public int Rounded { get; }

    public ulong Block { get; }

    public ulong Scale { get; }

    public bool IsEquality => Rounded < 0 && Low == High;

    public ulong[] Coefficients { get; }

    /// <summary>Where the factors of each product begin; one more for the end of the last.</summary>
    public int[] Starts { get; }

    public int[] Unknowns { get; }

    public int[] Powers { get; }

    /// <summary>How many of <see cref="Unknowns"/> and <see cref="Powers"/> count.</summary>
    public int Factors { get; }

    /// <summary>A requirement; a range below zero becomes one that nothing is in.</summary>
    public static SizeConstraint Require(SizeTerm term, long low, long high) =>
        high < 0 || high < low ? new SizeConstraint(term, 1, 0) : new SizeConstraint(term, (ulong)Math.Max(0, low), (ulong)high);

    /// <summary>The least and the most that the sum can be.</summary>
    public (ulong Low, ulong High) Bounds(SizeBox box)
    {
        ulong low = 0, high = 0;
        for (var i = 0; i < Coefficients.Length; i++)
        {
            ulong least = Coefficients[i], most = Coefficients[i];
            for (var j = Starts[i]; j < Starts[i + 1]; j++)
            {
                least = Saturated.Multiply(least, Saturated.Power(box.Low[Unknowns[j]], Powers[j]));
                most = Saturated.Multiply(most, Saturated.Power(box.High[Unknowns[j]], Powers[j]));
            }
            low = Saturated.Add(low, least);
            high = Saturated.Add(high, most);
        }
        return (low, high);
    }

    /// <summary>Whether sizes satisfy it.</summary>
    public bool IsSatisfied(ulong[] sizes)
    {
        var sum = Term.Value(sizes);
        if (Rounded < 0) return sum >= Low && sum <= High;
        return sum < Saturated.Huge && sizes[Rounded] == Saturated.Multiply(Saturated.DivideUp(sum, Block), Scale);
    }
}
