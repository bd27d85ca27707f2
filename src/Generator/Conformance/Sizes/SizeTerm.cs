using System.Globalization;

namespace Lanyard.Generator.Conformance.Sizes;

/// <summary>A sum of products of unknown sizes, each so many times: <c>heads * head_dim</c>, <c>2 * nope + rope</c>. It does not change.</summary>
public sealed class SizeTerm : IEquatable<SizeTerm>
{
    private readonly int _hash;

    private SizeTerm(SizeMonomial[] monomials)
    {
        Monomials = monomials;
        foreach (var monomial in monomials)
        {
            _hash = unchecked(_hash * 31 + monomial.Coefficient.GetHashCode());
            foreach (var factor in monomial.Factors) _hash = unchecked(_hash * 31 + factor + 1);
        }
    }

    /// <summary>The size of what has one element.</summary>
    public static SizeTerm One { get; } = Constant(1);

    /// <summary>The products, in the order of <see cref="SizeMonomial.Compare"/>, none twice and none zero times.</summary>
    internal SizeMonomial[] Monomials { get; }

    /// <summary>A number.</summary>
    /// <param name="value">The number, from zero.</param>
    public static SizeTerm Constant(long value) => value switch
    {
        < 0 => throw new ArgumentOutOfRangeException(nameof(value), value, "A size is not negative."),
        0 => new SizeTerm([]),
        _ => new SizeTerm([new SizeMonomial((ulong)value, [])]),
    };

    /// <summary>An unknown, as <see cref="SizeSystem{T}.Add"/> gave it.</summary>
    /// <param name="unknown">The number of the unknown.</param>
    public static SizeTerm Of(int unknown) => new([new SizeMonomial(1, [unknown])]);

    /// <summary>The sum of this and another.</summary>
    /// <param name="other">The other.</param>
    public SizeTerm Plus(SizeTerm other)
    {
        if (Monomials.Length == 0) return other;
        return other.Monomials.Length == 0 ? this : Sum([.. Monomials, .. other.Monomials]);
    }

    /// <summary>The product of this and another.</summary>
    /// <param name="other">The other.</param>
    public SizeTerm Times(SizeTerm other)
    {
        if (other.Equals(One)) return this;
        if (Equals(One)) return other;
        var products = new List<SizeMonomial>(Monomials.Length * other.Monomials.Length);
        foreach (var left in Monomials)
        {
            foreach (var right in other.Monomials) products.Add(left.Times(right));
        }
        return Sum(products);
    }

    /// <summary>This, so many times.</summary>
    /// <param name="times">How many times, from zero.</param>
    public SizeTerm Times(long times) => times == 1 ? this : Times(Constant(times));

    /// <inheritdoc/>
    public bool Equals(SizeTerm? other)
    {
        if (ReferenceEquals(this, other)) return true;
        if (other is null || other._hash != _hash || other.Monomials.Length != Monomials.Length) return false;
        for (var i = 0; i < Monomials.Length; i++)
        {
            if (Monomials[i].Coefficient != other.Monomials[i].Coefficient) return false;
            if (SizeMonomial.Compare(Monomials[i].Factors, other.Monomials[i].Factors) != 0) return false;
        }
        return true;
    }

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as SizeTerm);

    /// <inheritdoc/>
    public override int GetHashCode() => _hash;

    /// <summary>The term with numbers of unknowns: <c>2 * x0 + x1</c>.</summary>
    public override string ToString() => ToString(static unknown => "x" + unknown.ToString(CultureInfo.InvariantCulture));

    /// <summary>The term with names: <c>2 * nope + rope</c>.</summary>
    /// <param name="name">The text of an unknown: its name, or its value.</param>
    public string ToString(Func<int, string> name)
    {
        if (Monomials.Length == 0) return "0";
        return string.Join(" + ", Monomials.Select(monomial =>
        {
            var factors = monomial.Factors.Select(name);
            if (monomial.Coefficient != 1 || monomial.Factors.Length == 0) factors = factors.Prepend(Number(monomial.Coefficient));
            return string.Join(" * ", factors);
        }));
    }

    /// <summary>The value where each unknown has one; <see cref="Saturated.Huge"/> where it is larger than a size can be.</summary>
    internal ulong Value(ulong[] values)
    {
        var sum = 0UL;
        foreach (var monomial in Monomials)
        {
            var product = monomial.Coefficient;
            foreach (var factor in monomial.Factors) product = Saturated.Multiply(product, values[factor]);
            sum = Saturated.Add(sum, product);
        }
        return sum;
    }

    /// <summary>Whether an unknown occurs.</summary>
    internal bool Has(int unknown)
    {
        foreach (var monomial in Monomials)
        {
            if (Array.IndexOf(monomial.Factors, unknown) >= 0) return true;
        }
        return false;
    }

    private static SizeTerm Sum(List<SizeMonomial> monomials)
    {
        monomials.Sort(static (left, right) => SizeMonomial.Compare(left.Factors, right.Factors));
        var sum = new List<SizeMonomial>(monomials.Count);
        foreach (var monomial in monomials)
        {
            var last = sum.Count - 1;
            if (last >= 0 && SizeMonomial.Compare(sum[last].Factors, monomial.Factors) == 0)
                sum[last] = monomial.With(Saturated.Add(sum[last].Coefficient, monomial.Coefficient));
            else
                sum.Add(monomial);
        }
        return new SizeTerm([.. sum]);
    }

    private static string Number(ulong number) =>
        number >= Saturated.Huge ? "more than " + long.MaxValue.ToString(CultureInfo.InvariantCulture) : number.ToString(CultureInfo.InvariantCulture);
}
