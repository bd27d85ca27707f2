namespace Lanyard.Generator.Conformance.Sizes;

/// <summary>
/// Takes each product of open unknowns for an unknown of its own and solves the equations as linear ones: <c>q + 2 * kv</c> and <c>q</c> give
/// <c>kv</c>, whatever q and kv are products of. An equation whose numbers become too large for 64 bits is left out.
/// </summary>
internal sealed class SizeElimination
{
    // More would take longer than the search that it spares.
    private const int MostEquations = 48;

    private readonly List<int[]> _columns = [];
    private readonly List<long[]> _rows = [];
    private readonly List<int> _pivots = [];
    private readonly List<int> _factors = [];

    /// <summary>Solves the equations among constraints.</summary>
    /// <param name="constraints">The constraints; those that follow from them are added.</param>
    /// <param name="box">The ranges that are known.</param>
    /// <returns>False where the equations contradict each other.</returns>
    public bool Solve(List<SizeConstraint> constraints, SizeBox box)
    {
        _columns.Clear();
        _rows.Clear();
        _pivots.Clear();
        var isShared = false;
        var equations = 0;
        foreach (var constraint in constraints)
        {
            if (!constraint.IsEquality || equations == MostEquations) continue;
            if (Read(constraint, box, ref isShared)) equations++;
        }
        for (var i = 0; i < _rows.Count; i++)
        {
            if (_rows[i].Length <= _columns.Count) _rows[i] = Widen(_rows[i]);
            Shorten(_rows[i]);
        }
        Reduce();
        if (!isShared) return true;
        foreach (var row in _rows)
        {
            if (!Conclude(row, constraints)) return false;
        }
        return true;
    }

    /// <summary>The value of a term that is a sum of what the equations say, or null. For the equations that were solved last.</summary>
    public ulong? Value(SizeTerm term, SizeBox box)
    {
        if (_pivots.Count == 0) return null;
        var row = new long[_columns.Count + 1];
        var known = 0UL;
        foreach (var monomial in term.Monomials)
        {
            var coefficient = Open(monomial, box);
            if (coefficient >= Saturated.Huge) return null;
            if (_factors.Count == 0)
            {
                known = Saturated.Add(known, coefficient);
                continue;
            }
            var column = Column();
            if (column < 0 || row[column + 1] > long.MaxValue - (long)coefficient) return null;
            row[column + 1] += (long)coefficient;
        }
        // The row is "what is not yet explained", times a factor.
        var times = 1L;
        for (var i = 0; i < _rows.Count; i++)
        {
            var column = _pivots[i];
            if (column < 0 || row[column] == 0) continue;
            var (pivot, by) = Shorten(_rows[i][column], row[column]);
            if (!Combine(row, pivot, _rows[i], by) || !TryMultiply(times, pivot, out times)) return null;
        }
        for (var i = 1; i < row.Length; i++)
        {
            if (row[i] != 0) return null;
        }
        // 0 - sum of values = row[0], times the factor.
        if (times == 0 || row[0] == long.MinValue || row[0] % times != 0) return null;
        var value = -row[0] / times;
        return value < 0 ? null : Saturated.Add(known, (ulong)value);
    }

    // A row is the right side first, then a coefficient for each column.
    private bool Read(SizeConstraint constraint, SizeBox box, ref bool isShared)
    {
        var row = new long[_columns.Count + 1 + constraint.Term.Monomials.Length];
        var known = 0UL;
        var isOpen = false;
        foreach (var monomial in constraint.Term.Monomials)
        {
            var coefficient = Open(monomial, box);
            if (coefficient >= Saturated.Huge) return false;
            if (_factors.Count == 0)
            {
                known = Saturated.Add(known, coefficient);
                continue;
            }
            isOpen = true;
            var column = Column();
            if (column < 0) _columns.Add([.. _factors]);
            else isShared = true;
            ref var place = ref row[1 + (column < 0 ? _columns.Count - 1 : column)];
            if (place > long.MaxValue - (long)coefficient) return false;
            place += (long)coefficient;
        }
        if (known > constraint.High) return true;
        row[0] = (long)(constraint.High - known);
        if (isOpen) _rows.Add(row);
        // A sum of several products may be divisible by what the right side is not.
        if (constraint.Term.Monomials.Length > 1) isShared = true;
        return isOpen;
    }

    // The unknowns of a product that are open; the rest is the coefficient.
    private ulong Open(SizeMonomial monomial, SizeBox box)
    {
        _factors.Clear();
        var coefficient = monomial.Coefficient;
        foreach (var unknown in monomial.Factors)
        {
            if (box.IsFixed(unknown)) coefficient = Saturated.Multiply(coefficient, box.Low[unknown]);
            else _factors.Add(unknown);
        }
        return coefficient;
    }

    private int Column()
    {
        for (var i = 0; i < _columns.Count; i++)
        {
            var column = _columns[i];
            if (column.Length != _factors.Count) continue;
            var same = true;
            for (var j = 0; j < column.Length && same; j++) same = column[j] == _factors[j];
            if (same) return i;
        }
        return -1;
    }

    private long[] Widen(long[] row)
    {
        var wide = new long[_columns.Count + 1];
        row.CopyTo(wide, 0);
        return wide;
    }

    private void Reduce()
    {
        var width = _columns.Count + 1;
        for (var i = 0; i < _rows.Count; i++) _pivots.Add(-1);
        for (var column = 1; column < width; column++)
        {
            var pivot = -1;
            for (var i = 0; i < _rows.Count && pivot < 0; i++)
            {
                if (_pivots[i] < 0 && _rows[i][column] != 0) pivot = i;
            }
            if (pivot < 0) continue;
            _pivots[pivot] = column;
            if (_rows[pivot][column] < 0) Scale(_rows[pivot], -1);
            for (var i = 0; i < _rows.Count; i++)
            {
                if (i == pivot || _rows[i][column] == 0) continue;
                var (times, by) = Shorten(_rows[pivot][column], _rows[i][column]);
                if (Combine(_rows[i], times, _rows[pivot], by))
                {
                    Shorten(_rows[i]);
                    continue;
                }
                // Its numbers are too large: what it says is lost, which is never wrong.
                Array.Clear(_rows[i], 0, width);
                _pivots[i] = -1;
            }
        }
    }

    // row = row * times - other * by. No number becomes long.MinValue.
    private static bool Combine(long[] row, long times, long[] other, long by)
    {
        for (var i = 0; i < row.Length; i++)
        {
            var right = i < other.Length ? other[i] : 0;
            if (!TryMultiply(row[i], times, out var left) || !TryMultiply(right, by, out right)) return false;
            if (right == long.MinValue || (right < 0 ? left > long.MaxValue + right : left < -long.MaxValue + right)) return false;
            row[i] = left - right;
        }
        return true;
    }

    private static (long Left, long Right) Shorten(long left, long right)
    {
        var common = (long)Saturated.CommonDivisor((ulong)Math.Abs(left), (ulong)Math.Abs(right));
        return (left / common, right / common);
    }

    private static void Shorten(long[] row)
    {
        var common = 0UL;
        foreach (var number in row) common = Saturated.CommonDivisor(common, (ulong)Math.Abs(number));
        if (common < 2) return;
        for (var i = 0; i < row.Length; i++) row[i] /= (long)common;
    }

    private static void Scale(long[] row, long by)
    {
        for (var i = 0; i < row.Length; i++) row[i] *= by;
    }

    private static bool TryMultiply(long left, long right, out long product)
    {
        product = 0;
        if (left == 0 || right == 0) return true;
        if (left == long.MinValue || right == long.MinValue || Math.Abs(left) > long.MaxValue / Math.Abs(right)) return false;
        product = left * right;
        return true;
    }

    private bool Conclude(long[] row, List<SizeConstraint> constraints)
    {
        var common = 0UL;
        var open = 0;
        var negative = 0;
        for (var i = 1; i < row.Length; i++)
        {
            if (row[i] == 0) continue;
            open++;
            if (row[i] < 0) negative++;
            common = Saturated.CommonDivisor(common, (ulong)Math.Abs(row[i]));
        }
        if (open == 0) return row[0] == 0;
        if ((ulong)Math.Abs(row[0]) % common != 0) return false;
        if (negative == open) Scale(row, -1);
        else if (negative > 0) return true;
        if (row[0] <= 0) return false;
        var term = SizeTerm.Constant(0);
        for (var i = 1; i < row.Length; i++)
        {
            if (row[i] == 0) continue;
            var product = SizeTerm.Constant(row[i] / (long)common);
            foreach (var factor in _columns[i - 1]) product = product.Times(SizeTerm.Of(factor));
            term = term.Plus(product);
        }
        var value = (ulong)row[0] / common;
        foreach (var constraint in constraints)
        {
            if (constraint.IsEquality && constraint.Low == value && constraint.Term.Equals(term)) return true;
        }
        constraints.Add(new SizeConstraint(term, value, value));
        return true;
    }
}
