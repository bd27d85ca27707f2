namespace Lanyard.Generator.Conformance.Sizes;

/// <summary>What follows from what was said of unknown sizes.</summary>
/// <typeparam name="T">What says something.</typeparam>
public sealed class SizeSolution<T>
{
    private readonly SizeSolver _solver;
    private readonly List<SizeRequirement<T>> _requirements;

    internal SizeSolution(SizeSystem<T> system, List<SizeRequirement<T>> requirements, SizeSolver solver)
    {
        (_requirements, _solver) = (requirements, solver);
        Contradictions = solver.Conflicts.ConvertAll(conflict => SizeContradiction<T>.Of(system, requirements, solver, conflict.Wrong, conflict.Against));
        solver.Settle();
    }

    /// <summary>What contradicts, each with the requirement that was left out; none where all can be satisfied.</summary>
    public IReadOnlyList<SizeContradiction<T>> Contradictions { get; }

    /// <summary>
    /// Whether nothing was given up as too long: then all that was accepted has a solution, and what is open has several values. What is
    /// determined or contradictory is so in any case.
    /// </summary>
    public bool IsComplete => _solver.IsComplete;

    /// <summary>The value of an unknown, or null where it is open.</summary>
    /// <param name="unknown">The unknown.</param>
    public long? Value(int unknown) => _solver.Box.IsFixed(unknown) ? (long)_solver.Box.Low[unknown] : null;

    /// <summary>The value of a term, or null where it is open. A product may have one where its factors are open.</summary>
    /// <param name="term">The term.</param>
    public long? Value(SizeTerm term) => _solver.Value(term) is { } value and < Saturated.Huge ? (long)value : null;

    /// <summary>From where to where an unknown can be, as far as is known; not each value between them need be possible.</summary>
    /// <param name="unknown">The unknown.</param>
    /// <returns>The least and the most; the most is <see cref="long.MaxValue"/> where nothing limits it.</returns>
    public (long Low, long High) Range(int unknown) => Range(SizeTerm.Of(unknown));

    /// <summary>From where to where a term can be, as far as is known.</summary>
    /// <param name="term">The term.</param>
    /// <returns>The least and the most; the most is <see cref="long.MaxValue"/> where nothing limits it.</returns>
    public (long Low, long High) Range(SizeTerm term)
    {
        var (low, high) = _solver.Bounds(term);
        return ((long)Math.Min(low, long.MaxValue), (long)Math.Min(high, long.MaxValue));
    }

    /// <summary>What was said of an unknown and not left out: <c>heads * head_dim</c> is 4096.</summary>
    /// <param name="unknown">The unknown.</param>
    public IReadOnlyList<SizeRequirement<T>> Known(int unknown) =>
        [.. _solver.Active.Where(i => _requirements[i].Term.Has(unknown)).Select(i => _requirements[i])];
}
