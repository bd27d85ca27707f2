namespace Lanyard.Generator.Conformance.Sizes;

/// <summary>Finds what follows from constraints, each a thing that somebody said, and which of them to leave out where they contradict each other.</summary>
internal sealed class SizeSolver
{
    private const int MostSteps = 3000;
    private const int StepsOfOne = 1000;
    private const int StepsOfDoubt = 200;
    private const int MostEliminations = 4;

    private readonly int _unknowns;
    private readonly List<SizeConstraint> _relations;
    private readonly List<SizeConstraint> _requirements;
    private readonly List<int> _weights;
    private readonly List<SizeConstraint> _constraints = [];
    private readonly SizePropagation _propagation;
    private readonly SizeElimination _elimination = new();
    private readonly SizeSearch _search;
    private readonly List<ulong[]> _solutions = [];
    private readonly SizeBox _scratch;
    private bool _isPinned;

    /// <param name="unknowns">How many unknowns there are.</param>
    /// <param name="relations">What is always so.</param>
    /// <param name="requirements">What was said.</param>
    /// <param name="weights">How often each was said.</param>
    public SizeSolver(int unknowns, List<SizeConstraint> relations, List<SizeConstraint> requirements, List<int> weights)
    {
        (_unknowns, _relations, _requirements, _weights) = (unknowns, relations, requirements, weights);
        _propagation = new SizePropagation(unknowns);
        _search = new SizeSearch(unknowns, _propagation);
        _scratch = new SizeBox(unknowns);
        Box = new SizeBox(unknowns);
        Active = [.. requirements.Select((_, i) => i)];
    }

    /// <summary>The ranges that are left.</summary>
    public SizeBox Box { get; }

    /// <summary>The requirements that do not contradict each other.</summary>
    public List<int> Active { get; }

    /// <summary>Whether nothing was given up: what is open is so, and what was accepted has a solution.</summary>
    public bool IsComplete { get; private set; } = true;

    /// <summary>The requirements that were left out, each with the ones that it contradicts, and how much it takes to see it.</summary>
    public List<(int Wrong, List<int> Against, SizeEffort Effort)> Conflicts { get; } = [];

    /// <summary>Finds the ranges, and leaves out what must be.</summary>
    public void Solve()
    {
        while (Refutation() is { } effort)
        {
            // Two values of one term are seen without anything else, and by elimination.
            var pair = Pair();
            var core = pair ?? Core(Active, effort);
            if (pair is not null) effort = SizeEffort.Elimination;
            var wrong = Wrong(core, effort);
            Active.Remove(wrong);
            core.Remove(wrong);
            Conflicts.Add((wrong, core, effort));
        }
        for (var i = 0; i < _unknowns; i++)
        {
            if (!Box.IsFixed(i) && _solutions.Count > 0 && IsConstrained(i)) Pin(i);
        }
    }

    /// <summary>The value of a term where all solutions agree on it, or null.</summary>
    public ulong? Value(SizeTerm term)
    {
        var constraint = new SizeConstraint(term, 0, Saturated.Huge);
        var (low, high) = constraint.Bounds(Box);
        if (low == high) return low < Saturated.Huge ? low : null;
        foreach (var requirement in Active)
        {
            if (_requirements[requirement].IsEquality && _requirements[requirement].Term.Equals(term)) return _requirements[requirement].High;
        }
        if (_elimination.Value(term, Box) is { } value) return value;
        if (_solutions.Count == 0) return null;
        var first = term.Value(_solutions[0]);
        if (_solutions.Exists(solution => term.Value(solution) != first) || first >= Saturated.Huge) return null;
        return Excludes(term, 0, first - 1) && Excludes(term, first + 1, Saturated.Huge - 1) ? first : null;
    }

    /// <summary>The least and the most that a term can be, as far as ranges say.</summary>
    public (ulong Low, ulong High) Bounds(SizeTerm term) => new SizeConstraint(term, 0, Saturated.Huge).Bounds(Box);

    /// <summary>What some requirements alone leave of the unknowns and of a term.</summary>
    public (ulong Low, ulong High) BoundsBy(List<int> requirements, SizeTerm term, SizeBox box)
    {
        if (Refutes(requirements, SizeEffort.Elimination, box, 0)) return (0, Saturated.Huge);
        var (low, high) = new SizeConstraint(term, 0, Saturated.Huge).Bounds(box);
        return low < high && _elimination.Value(term, box) is { } value ? (value, value) : (low, high);
    }

    /// <summary>Takes the equations up again for <see cref="Value"/>; to be called after the last <see cref="BoundsBy"/>.</summary>
    public void Settle()
    {
        if (Conflicts.Count > 0) Refutes(Active, SizeEffort.Elimination, _scratch, 0);
        if (Conflicts.Count > 0 || _isPinned) _elimination.Solve(_constraints, Box);
    }

    private SizeEffort? Refutation()
    {
        _solutions.Clear();
        if (Refutes(Active, SizeEffort.Ranges, Box, 0)) return SizeEffort.Ranges;
        if (Refutes(Active, SizeEffort.Elimination, Box, 0)) return SizeEffort.Elimination;
        _search.Steps = StepsOfOne;
        var verdict = _search.Find(_constraints, Box, out var found);
        if (verdict == SizeVerdict.Impossible) return SizeEffort.Search;
        if (found is not null) _solutions.Add(found);
        _search.Steps = MostSteps;
        IsComplete = verdict == SizeVerdict.Possible;
        return null;
    }

    // Leaves the constraints and the box as they are after what was asked for.
    private bool Refutes(List<int> requirements, SizeEffort effort, SizeBox box, int steps)
    {
        _constraints.Clear();
        _constraints.AddRange(_relations);
        foreach (var requirement in requirements) _constraints.Add(_requirements[requirement]);
        box.Reset();
        if (!_propagation.Narrow(_constraints, box)) return true;
        if (effort == SizeEffort.Ranges) return false;
        for (var i = 0; i < MostEliminations; i++)
        {
            var count = _constraints.Count;
            if (!_elimination.Solve(_constraints, box)) return true;
            if (count == _constraints.Count) break;
            if (!_propagation.Narrow(_constraints, box)) return true;
        }
        if (effort == SizeEffort.Elimination) return false;
        _search.Steps = steps;
        return _search.Find(_constraints, box, out _) == SizeVerdict.Impossible;
    }

    /// <summary>Two requirements that say different values of one term, of the simplest such term what most say; null where there are none.</summary>
    private List<int>? Pair()
    {
        var (pair, best) = ((List<int>?)null, (Factors: int.MaxValue, Weight: 0));
        foreach (var said in Active.Where(i => _requirements[i].IsEquality).GroupBy(i => _requirements[i].Term).Where(static said => said.Skip(1).Any()))
        {
            List<int> two = [.. said.OrderByDescending(i => _weights[i]).Take(2)];
            var cost = (_requirements[two[0]].Factors, -_weights[two[0]]);
            if (pair is null || cost.CompareTo(best) < 0) (pair, best) = (two, cost);
        }
        return pair;
    }

    // As few as contradict each other, the simple ones and those that many said.
    private List<int> Core(List<int> requirements, SizeEffort effort)
    {
        var core = new List<int>(requirements);
        var order = requirements.OrderByDescending(i => _requirements[i].Factors).ThenBy(i => _weights[i]).ThenByDescending(static i => i).ToList();
        foreach (var requirement in order)
        {
            var at = core.IndexOf(requirement);
            core.RemoveAt(at);
            if (!Refutes(core, effort, _scratch, StepsOfOne)) core.Insert(at, requirement);
        }
        return core;
    }

    // The one without which the least of what was said is lost; where several are alike, the last.
    private int Wrong(List<int> core, SizeEffort effort)
    {
        var (wrong, least) = (-1, (Lost: int.MaxValue, Count: 0, Weight: 0));
        foreach (var requirement in core)
        {
            var (lost, count) = Lost(requirement, effort);
            var cost = (Lost: lost + _weights[requirement], Count: count, Weight: _weights[requirement]);
            if (cost.CompareTo(least) <= 0) (wrong, least) = (requirement, cost);
        }
        return wrong;
    }

    // How much contradicts still when one is left out.
    private (int Weight, int Count) Lost(int without, SizeEffort effort)
    {
        var rest = Active.FindAll(i => i != without);
        if (!Refutes(rest, effort, _scratch, StepsOfDoubt)) return (0, 0);
        var (weight, count) = (0, 0);
        var taken = new List<int>(rest.Count);
        foreach (var requirement in rest.OrderByDescending(i => _weights[i]))
        {
            taken.Add(requirement);
            if (!Refutes(taken, effort, _scratch, StepsOfDoubt)) continue;
            taken.RemoveAt(taken.Count - 1);
            weight += _weights[requirement];
            count++;
        }
        return (weight, count);
    }

    private bool IsConstrained(int unknown) => _constraints.Exists(constraint => constraint.Rounded == unknown || constraint.Term.Has(unknown));

    // Whether the value of an unknown is the same in all solutions.
    private void Pin(int unknown)
    {
        var value = _solutions[0][unknown];
        if (_solutions.Exists(solution => solution[unknown] != value)) return;
        if (Box.Low[unknown] < value)
        {
            if (!Excludes(unknown, Box.Low[unknown], value - 1)) return;
            Box.Low[unknown] = value;
        }
        if (Box.High[unknown] > value && Excludes(unknown, value + 1, Box.High[unknown])) Box.High[unknown] = value;
        _isPinned |= Box.IsFixed(unknown);
    }

    private bool Excludes(int unknown, ulong low, ulong high)
    {
        _scratch.CopyFrom(Box);
        (_scratch.Low[unknown], _scratch.High[unknown]) = (low, high);
        return Excludes();
    }

    private bool Excludes(SizeTerm term, ulong low, ulong high)
    {
        if (low > high || high >= Saturated.Huge) return true;
        _scratch.CopyFrom(Box);
        _constraints.Add(new SizeConstraint(term, low, high));
        _search.Steps = StepsOfOne;
        var excludes = Excludes();
        _constraints.RemoveAt(_constraints.Count - 1);
        return excludes;
    }

    private bool Excludes()
    {
        var verdict = _search.Find(_constraints, _scratch, out var found);
        if (found is not null) _solutions.Add(found);
        if (verdict == SizeVerdict.Open) IsComplete = false;
        return verdict == SizeVerdict.Impossible;
    }
}
