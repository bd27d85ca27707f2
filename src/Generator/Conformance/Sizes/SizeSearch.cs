namespace Lanyard.Generator.Conformance.Sizes;

/// <summary>Tries values of unknowns that ranges leave open: divisors where a product is known, the halves of a range elsewhere.</summary>
internal sealed class SizeSearch(int unknowns, SizePropagation propagation)
{
    private readonly Divisors _divisors = new();
    private readonly List<SizeBox> _boxes = [];
    private readonly ulong[] _common = new ulong[unknowns];
    private readonly bool[] _matters = new bool[unknowns];

    /// <summary>How many boxes may still be looked at.</summary>
    public int Steps { get; set; }

    /// <summary>Looks for sizes within a box.</summary>
    /// <param name="constraints">What they must satisfy.</param>
    /// <param name="box">The box; it is not changed.</param>
    /// <param name="found">Sizes that satisfy all, or null.</param>
    public SizeVerdict Find(List<SizeConstraint> constraints, SizeBox box, out ulong[]? found)
    {
        var copy = Box(0);
        copy.CopyFrom(box);
        return Find(constraints, copy, 1, out found);
    }

    private SizeVerdict Find(List<SizeConstraint> constraints, SizeBox box, int depth, out ulong[]? found)
    {
        found = null;
        if (--Steps < 0) return SizeVerdict.Open;
        if (!propagation.Narrow(constraints, box)) return SizeVerdict.Impossible;
        if (!Survey(constraints, box)) return SizeVerdict.Impossible;
        var unknown = Choose(box);
        if (unknown < 0) return Accept(constraints, box, out found);

        var (low, high) = (box.Low[unknown], box.High[unknown]);
        var divisors = _common[unknown] > 0 ? _divisors.Of(_common[unknown]) : null;
        var verdict = SizeVerdict.Impossible;
        if (divisors is not null)
        {
            var first = Array.BinarySearch(divisors, low);
            for (var i = first < 0 ? ~first : first; i < divisors.Length && divisors[i] <= high; i++)
            {
                if (Try(constraints, box, unknown, divisors[i], divisors[i], depth, ref verdict, out found)) return verdict;
            }
            return verdict;
        }
        if (low >= Saturated.Huge) return SizeVerdict.Open;
        if (Try(constraints, box, unknown, low, low, depth, ref verdict, out found)) return verdict;
        var middle = low + (high - low) / 2;
        if (middle > low && Try(constraints, box, unknown, low + 1, middle, depth, ref verdict, out found)) return verdict;
        Try(constraints, box, unknown, middle + 1, high, depth, ref verdict, out found);
        return verdict;
    }

    // True where there is nothing more to try: what is open stays so, whatever the rest says.
    private bool Try(List<SizeConstraint> constraints, SizeBox box, int unknown, ulong low, ulong high, int depth, ref SizeVerdict verdict, out ulong[]? found)
    {
        var part = Box(depth);
        part.CopyFrom(box);
        (part.Low[unknown], part.High[unknown]) = (low, high);
        var result = Find(constraints, part, depth + 1, out found);
        if (result != SizeVerdict.Impossible) verdict = result;
        return result != SizeVerdict.Impossible;
    }

    // Which unknowns matter, and what each must divide; false where something is not divisible.
    private bool Survey(List<SizeConstraint> constraints, SizeBox box)
    {
        Array.Clear(_common, 0, _common.Length);
        Array.Clear(_matters, 0, _matters.Length);
        foreach (var constraint in constraints)
        {
            var (low, high) = constraint.Bounds(box);
            if (constraint.Rounded < 0 && low >= constraint.Low && high <= constraint.High) continue;
            for (var i = 0; i < constraint.Factors; i++)
            {
                if (!box.IsFixed(constraint.Unknowns[i])) _matters[constraint.Unknowns[i]] = true;
            }
            if (constraint.Rounded >= 0 && !box.IsFixed(constraint.Rounded) && low == high) _matters[constraint.Rounded] = true;
            if (constraint.IsEquality && !Divide(constraint, box)) return false;
        }
        return true;
    }

    private bool Divide(SizeConstraint constraint, SizeBox box)
    {
        var left = constraint.High;
        var open = -1;
        for (var i = 0; i < constraint.Coefficients.Length; i++)
        {
            var value = constraint.Coefficients[i];
            var isOpen = false;
            for (var j = constraint.Starts[i]; j < constraint.Starts[i + 1]; j++)
            {
                var unknown = constraint.Unknowns[j];
                if (box.IsFixed(unknown)) value = Saturated.Multiply(value, Saturated.Power(box.Low[unknown], constraint.Powers[j]));
                else isOpen = true;
            }
            if (isOpen)
            {
                if (open >= 0) return true;
                open = i;
            }
            else
            {
                if (value > left) return false;
                left -= value;
            }
        }
        if (open < 0) return left == 0;
        var known = constraint.Coefficients[open];
        for (var j = constraint.Starts[open]; j < constraint.Starts[open + 1]; j++)
        {
            var unknown = constraint.Unknowns[j];
            if (box.IsFixed(unknown)) known = Saturated.Multiply(known, Saturated.Power(box.Low[unknown], constraint.Powers[j]));
        }
        if (left == 0 || left % known != 0) return false;
        for (var j = constraint.Starts[open]; j < constraint.Starts[open + 1]; j++)
        {
            var unknown = constraint.Unknowns[j];
            if (!box.IsFixed(unknown)) _common[unknown] = Saturated.CommonDivisor(_common[unknown], left / known);
        }
        return true;
    }

    private int Choose(SizeBox box)
    {
        var best = -1;
        var fewest = ulong.MaxValue;
        for (var i = 0; i < _matters.Length; i++)
        {
            if (!_matters[i]) continue;
            var count = box.High[i] - box.Low[i];
            if (_common[i] > 0) count = Math.Min(count, 2 * (ulong)Math.Sqrt(_common[i]));
            if (count >= fewest) continue;
            (best, fewest) = (i, count);
        }
        return best;
    }

    // What is open still may be anything.
    private static SizeVerdict Accept(List<SizeConstraint> constraints, SizeBox box, out ulong[]? found)
    {
        var sizes = (ulong[])box.Low.Clone();
        var isRight = constraints.TrueForAll(constraint => constraint.IsSatisfied(sizes));
        found = isRight ? sizes : null;
        return isRight ? SizeVerdict.Possible : SizeVerdict.Open;
    }

    private SizeBox Box(int depth)
    {
        while (_boxes.Count <= depth) _boxes.Add(new SizeBox(unknowns));
        return _boxes[depth];
    }
}
