using System.Globalization;

namespace Lanyard.Generator.Conformance.Sizes;

/// <summary>Unknown sizes, each a whole number from one, and what is said of them.</summary>
/// <typeparam name="T">What says something: a tensor of a list, an attribute. Messages name it by its text.</typeparam>
public sealed class SizeSystem<T>
{
    private readonly List<string> _names = [];
    private readonly List<SizeRequirement<T>> _requirements = [];
    private readonly Dictionary<(SizeTerm Term, long Low, long High), SizeRequirement<T>> _byWhat = [];
    private readonly List<SizeConstraint> _relations = [];
    private readonly Dictionary<(SizeTerm Term, long Block, bool IsPadded), SizeTerm> _rounded = [];

    /// <summary>How many unknowns there are, those of <see cref="Blocks"/> and <see cref="Padded"/> among them.</summary>
    public int Count => _names.Count;

    /// <summary>A new unknown.</summary>
    /// <param name="name">What messages call it.</param>
    /// <returns>Its number.</returns>
    public int Add(string name)
    {
        _names.Add(name);
        return _names.Count - 1;
    }

    /// <summary>The name of an unknown.</summary>
    /// <param name="unknown">Its number.</param>
    public string Name(int unknown) => _names[unknown];

    /// <summary>A term with the names of its unknowns.</summary>
    /// <param name="term">The term.</param>
    public string Text(SizeTerm term) => term.ToString(Name);

    /// <summary>Says the value of an unknown.</summary>
    /// <param name="unknown">The unknown.</param>
    /// <param name="value">Its value.</param>
    /// <param name="source">Who says so.</param>
    public void Set(int unknown, long value, T source) => Require(SizeTerm.Of(unknown), value, value, source);

    /// <summary>Says the value of a term.</summary>
    /// <param name="term">The term.</param>
    /// <param name="value">Its value.</param>
    /// <param name="source">Who says so.</param>
    public void Require(SizeTerm term, long value, T source) => Require(term, value, value, source);

    /// <summary>Says that a term lies in a range. What was said before costs next to nothing.</summary>
    /// <param name="term">The term.</param>
    /// <param name="low">The least that it can be.</param>
    /// <param name="high">The most that it can be.</param>
    /// <param name="source">Who says so.</param>
    public void Require(SizeTerm term, long low, long high, T source)
    {
        if (_byWhat.TryGetValue((term, low, high), out var known))
        {
            known.Add(source);
            return;
        }
        var requirement = new SizeRequirement<T>(term, low, high, source);
        _byWhat.Add((term, low, high), requirement);
        _requirements.Add(requirement);
    }

    /// <summary>How many blocks of a size a term has, the last one perhaps partial.</summary>
    /// <param name="of">The term.</param>
    /// <param name="size">The size of a block.</param>
    public SizeTerm Blocks(SizeTerm of, long size) => Round(of, size, isPadded: false);

    /// <summary>A term rounded up to a multiple.</summary>
    /// <param name="of">The term.</param>
    /// <param name="multiple">The number that it becomes a multiple of.</param>
    public SizeTerm Padded(SizeTerm of, long multiple) => Round(of, multiple, isPadded: true);

    /// <summary>Finds the values of unknowns and what contradicts.</summary>
    public SizeSolution<T> Solve()
    {
        var solver = new SizeSolver(
            Count,
            _relations,
            _requirements.ConvertAll(static requirement => SizeConstraint.Require(requirement.Term, requirement.Low, requirement.High)),
            _requirements.ConvertAll(static requirement => requirement.Sources.Count));
        solver.Solve();
        return new SizeSolution<T>(this, [.. _requirements], solver);
    }

    private SizeTerm Round(SizeTerm of, long block, bool isPadded)
    {
        if (block < 1) throw new ArgumentOutOfRangeException(nameof(block), block, "A block has at least one element.");
        if (block == 1) return of;
        if (_rounded.TryGetValue((of, block, isPadded), out var known)) return known;
        var unknown = Add((isPadded ? "pad(" : "blocks(") + Text(of) + ", " + block.ToString(CultureInfo.InvariantCulture) + ")");
        _relations.Add(new SizeConstraint(of, 0, Saturated.Huge, unknown, (ulong)block, isPadded ? (ulong)block : 1));
        var rounded = SizeTerm.Of(unknown);
        _rounded.Add((of, block, isPadded), rounded);
        return rounded;
    }
}
