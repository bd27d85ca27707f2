using System.Globalization;

namespace Lanyard.Generator.Conformance.Sizes;

/// <summary>Requirements that no sizes satisfy together, and the one that was left out.</summary>
/// <typeparam name="T">What says something.</typeparam>
public sealed class SizeContradiction<T>
{
    private readonly SizeSystem<T> _system;
    private readonly string _substituted;

    private SizeContradiction(
        SizeSystem<T> system, SizeRequirement<T> wrong, SizeRequirement<T> stated, IReadOnlyList<SizeRequirement<T>> others, long? otherValue, string substituted)
    {
        (_system, _substituted) = (system, substituted);
        (Wrong, Stated, Others, OtherValue) = (wrong, stated, others, otherValue);
    }

    /// <summary>The requirement that was left out: of those that could be, what the fewest say, or what was said last.</summary>
    public SizeRequirement<T> Wrong { get; }

    /// <summary>The requirement that the message begins with; mostly, but not always, <see cref="Wrong"/>.</summary>
    public SizeRequirement<T> Stated { get; }

    /// <summary>What <see cref="Stated"/> contradicts; none where it cannot be by itself. Each of them is needed.</summary>
    public IReadOnlyList<SizeRequirement<T>> Others { get; }

    /// <summary>What contradicts, by name: <c>hidden</c>, <c>heads * head_dim</c>.</summary>
    public string Subject => _system.Text(Stated.Term);

    /// <summary>What <see cref="Others"/> make of the subject; null where they leave several values, and all of them are wrong.</summary>
    public long? OtherValue { get; }

    /// <summary>A sentence without a full stop: <c>hidden is 5120 by A and 4096 by B</c>.</summary>
    public override string ToString() => ToString(static source => source?.ToString() ?? "");

    /// <summary>A sentence without a full stop: <c>hidden is 5120 by A and 4096 by B</c>.</summary>
    /// <param name="name">What a source is called.</param>
    public string ToString(Func<T, string> name)
    {
        string Says(SizeRequirement<T> requirement) => $"{_system.Text(requirement.Term)} is {requirement.Value} by {name(requirement.Source)}";
        if (Stated.Term.Monomials.All(static monomial => monomial.Factors.Length == 0))
            return $"{Stated.Value} by {name(Stated.Source)}, where the size is {Subject}";
        if (Others.Count == 1 && Others[0].Term.Equals(Stated.Term)) return $"{Says(Stated)} and {Others[0].Value} by {name(Others[0].Source)}";
        var others = string.Join(" and ", Others.Select(Says));
        if (OtherValue is { } value)
        {
            var number = value.ToString(CultureInfo.InvariantCulture);
            return $"{Says(Stated)}, and {(_substituted == number ? "" : _substituted + " = ")}{number} where {others}";
        }
        var because = others.Length == 0 ? "" : " where " + others;
        return $"{Says(Stated)}: no whole number solves {_substituted} = {Stated.Value}{because}";
    }

    internal static SizeContradiction<T> Of(SizeSystem<T> system, List<SizeRequirement<T>> requirements, SizeSolver solver, int wrong, List<int> against)
    {
        // The one that the others give another value for, or else the one with the most unknowns.
        List<int> core = [wrong, .. against];
        var box = new SizeBox(system.Count);
        var stated = wrong;
        ulong? value = null;
        foreach (var candidate in core)
        {
            var (low, high) = solver.BoundsBy(core.FindAll(i => i != candidate), requirements[candidate].Term, box);
            if (low != high || low >= Saturated.Huge) continue;
            if (value is not null && Factors(requirements[candidate]) <= Factors(requirements[stated])) continue;
            (stated, value) = (candidate, low);
            if (candidate == wrong) break;
        }
        if (value is null) stated = core.OrderByDescending(i => Factors(requirements[i])).First();

        var others = core.FindAll(i => i != stated);
        solver.BoundsBy(others, requirements[stated].Term, box);
        var substituted = requirements[stated].Term.ToString(unknown => box.IsFixed(unknown) ? box.Low[unknown].ToString(CultureInfo.InvariantCulture) : system.Name(unknown));
        return new SizeContradiction<T>(system, requirements[wrong], requirements[stated], others.ConvertAll(i => requirements[i]), (long?)value, substituted);
    }

    private static int Factors(SizeRequirement<T> requirement) => requirement.Term.Monomials.Sum(static monomial => monomial.Factors.Length);
}
