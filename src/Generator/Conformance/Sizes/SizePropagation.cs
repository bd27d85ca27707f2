namespace Lanyard.Generator.Conformance.Sizes;

/// <summary>Narrows ranges of unknowns by what constraints say of the ranges of the others, until nothing changes.</summary>
internal sealed class SizePropagation(int unknowns)
{
    // Two constraints can narrow each other by one at a time, from 2^63 down. A round that finds a value does not count.
    private const int MostRounds = 4;

    private readonly int[] _changed = new int[unknowns];
    private int[] _looked = [];
    private ulong[] _least = new ulong[8];
    private ulong[] _most = new ulong[8];
    private int _now;
    private int _found;

    /// <summary>Narrows a box by all constraints.</summary>
    /// <returns>False where no value is left for something: the constraints contradict each other within the box.</returns>
    public bool Narrow(List<SizeConstraint> constraints, SizeBox box)
    {
        if (_looked.Length < constraints.Count) _looked = new int[constraints.Count * 2];
        Array.Clear(_looked, 0, constraints.Count);
        for (var i = 0; i < _changed.Length; i++) _changed[i] = 1;
        (_now, _found) = (1, 0);
        for (var round = 0; round < MostRounds; round++)
        {
            var (before, found) = (_now, _found);
            for (var i = 0; i < constraints.Count; i++)
            {
                if (!IsDue(constraints[i], _looked[i])) continue;
                _looked[i] = ++_now;
                if (!Narrow(constraints[i], box)) return false;
            }
            if (before == _now) break;
            if (found != _found) round--;
        }
        return true;
    }

    private bool IsDue(SizeConstraint constraint, int looked)
    {
        if (looked == 0) return true;
        if (constraint.Rounded >= 0 && _changed[constraint.Rounded] >= looked) return true;
        for (var i = 0; i < constraint.Factors; i++)
        {
            if (_changed[constraint.Unknowns[i]] >= looked) return true;
        }
        return false;
    }

    private bool Narrow(SizeConstraint constraint, SizeBox box)
    {
        var (low, high) = constraint.Rounded < 0 ? (constraint.Low, constraint.High) : Blocks(constraint, box);
        var count = constraint.Coefficients.Length;
        if (_least.Length < count) (_least, _most) = (new ulong[count * 2], new ulong[count * 2]);
        ulong least = 0, most = 0;
        for (var i = 0; i < count; i++)
        {
            var (from, to) = Product(constraint, i, -1, box);
            least = Saturated.Add(least, _least[i] = Saturated.Multiply(from, constraint.Coefficients[i]));
            most = Saturated.Add(most, _most[i] = Saturated.Multiply(to, constraint.Coefficients[i]));
        }
        if (low > high || most < low || (least > high && high < Saturated.Huge)) return false;
        if (constraint.Rounded >= 0 && !Round(constraint, Math.Max(least, low), Math.Min(most, high), box)) return false;
        if (least >= low && most <= high) return true;
        for (var i = 0; i < count; i++)
        {
            var coefficient = constraint.Coefficients[i];
            var top = high < Saturated.Huge ? (high - (least - _least[i])) / coefficient : Saturated.Huge;
            var others = most < Saturated.Huge ? most - _most[i] : Others(i, count);
            var bottom = others >= low ? 0 : Saturated.DivideUp(low - others, coefficient);
            if (!NarrowFactors(constraint, i, bottom, top, box)) return false;
        }
        return true;
    }

    // The range of the sum, by that of the rounded unknown.
    private static (ulong Low, ulong High) Blocks(SizeConstraint constraint, SizeBox box)
    {
        var fewest = Saturated.DivideUp(box.Low[constraint.Rounded], constraint.Scale);
        var high = box.High[constraint.Rounded];
        return (
            Saturated.Add(Saturated.Multiply(fewest - 1, constraint.Block), 1),
            high >= Saturated.Huge ? Saturated.Huge : Saturated.Multiply(high / constraint.Scale, constraint.Block));
    }

    private bool Round(SizeConstraint constraint, ulong least, ulong most, SizeBox box)
    {
        var unknown = constraint.Rounded;
        var low = Saturated.Multiply(Saturated.DivideUp(least, constraint.Block), constraint.Scale);
        var high = most >= Saturated.Huge ? Saturated.Huge : Saturated.Multiply(Saturated.DivideUp(most, constraint.Block), constraint.Scale);
        return Raise(box, unknown, low) && Lower(box, unknown, high);
    }

    private ulong Others(int but, int count)
    {
        var sum = 0UL;
        for (var i = 0; i < count; i++)
        {
            if (i != but) sum = Saturated.Add(sum, _most[i]);
        }
        return sum;
    }

    private bool NarrowFactors(SizeConstraint constraint, int product, ulong bottom, ulong top, SizeBox box)
    {
        for (var i = constraint.Starts[product]; i < constraint.Starts[product + 1]; i++)
        {
            var (unknown, power) = (constraint.Unknowns[i], constraint.Powers[i]);
            var (least, most) = Product(constraint, product, i, box);
            if (top < Saturated.Huge && !Lower(box, unknown, Saturated.Root(top / least, power))) return false;
            if (most < Saturated.Huge && !Raise(box, unknown, Saturated.RootUp(Saturated.DivideUp(bottom, most), power))) return false;
        }
        return true;
    }

    private static (ulong Least, ulong Most) Product(SizeConstraint constraint, int product, int but, SizeBox box)
    {
        ulong least = 1, most = 1;
        for (var i = constraint.Starts[product]; i < constraint.Starts[product + 1]; i++)
        {
            if (i == but) continue;
            var (unknown, power) = (constraint.Unknowns[i], constraint.Powers[i]);
            least = Saturated.Multiply(least, Saturated.Power(box.Low[unknown], power));
            most = Saturated.Multiply(most, Saturated.Power(box.High[unknown], power));
        }
        return (least, most);
    }

    private bool Lower(SizeBox box, int unknown, ulong high)
    {
        if (high >= box.High[unknown]) return true;
        box.High[unknown] = high;
        if (high == box.Low[unknown]) _found++;
        _changed[unknown] = ++_now;
        return high >= box.Low[unknown];
    }

    private bool Raise(SizeBox box, int unknown, ulong low)
    {
        if (low <= box.Low[unknown]) return true;
        box.Low[unknown] = low;
        if (low == box.High[unknown]) _found++;
        _changed[unknown] = ++_now;
        return low <= box.High[unknown];
    }
}
