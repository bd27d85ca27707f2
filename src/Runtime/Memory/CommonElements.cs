namespace Lanyard.Memory;

/// <summary>
/// Decides whether two tensors have a byte in common. What each reaches from its first element is a sum of steps along its dimensions, so
/// they do where some steps forward in the one and back from the end of the other add up to how far apart they lie. Steps are tried from
/// the longest down; what the shorter ones can reach, by how far and by their common divisor, leaves few of them: none to choose where
/// each dimension fills the gaps of the next, as in slices of rows, of columns, and of every n-th element.
/// </summary>
internal ref struct CommonElements
{
    /// <summary>How many sums are tried: some tenths of a millisecond.</summary>
    private const int Most = 50_000;

    private readonly ReadOnlySpan<Steps> _steps;
    private int _tried;

    private CommonElements(ReadOnlySpan<Steps> steps) => _steps = steps;

    /// <summary>Whether two tensors in the memory of this process have a byte in common; null where too many sums would have to be tried.</summary>
    public static bool? Any(TensorForm first, TensorForm second)
    {
        if (first.End <= second.Address || second.End <= first.Address) return false;
        Span<Steps> steps = stackalloc Steps[first.Sizes.Length + second.Sizes.Length];
        var count = 0;
        Add(first, steps, ref count);
        Add(second, steps, ref count);
        steps = steps[..count];
        steps.Sort(static (a, b) => b.Bytes.CompareTo(a.Bytes));
        count = Merge(steps);
        steps = steps[..count];
        for (var (i, reach, unit, fills) = (count - 1, 0L, 0L, true); i >= 0; i--)
        {
            var (bytes, most) = (steps[i].Bytes, steps[i].Most);
            fills = fills && (unit == 0 || (bytes % unit == 0 && bytes <= reach + unit));
            (reach, unit) = (reach + (bytes * most), Divisor(bytes, unit));
            steps[i] = new Steps(bytes, most) { Reach = reach, Unit = unit, Fills = fills };
        }

        // From the first byte of an element of the one to the first of one of the other; closer than an element is wide, they share some.
        var apart = second.End - second.ElementSize - first.Address;
        return new CommonElements(steps).Reaches(0, apart - first.ElementSize + 1, apart + second.ElementSize - 1);
    }

    private static void Add(TensorForm form, Span<Steps> steps, ref int count)
    {
        for (var d = 0; d < form.Sizes.Length; d++)
        {
            if (form.Sizes[d] > 1 && form.Strides[d] != 0) steps[count++] = new Steps(form.Strides[d] * form.ElementSize, form.Sizes[d] - 1);
        }
    }

    /// <summary>Steps of one length are steps of one dimension.</summary>
    private static int Merge(Span<Steps> steps)
    {
        var count = 0;
        foreach (var step in steps)
        {
            if (count > 0 && steps[count - 1].Bytes == step.Bytes) steps[count - 1] = step with { Most = steps[count - 1].Most + step.Most };
            else steps[count++] = step;
        }
        return count;
    }

    private static long Divisor(long a, long b)
    {
        while (b != 0) (a, b) = (b, a % b);
        return a;
    }

    /// <summary>Whether the steps from one on add up to a number of bytes in a range.</summary>
    private bool? Reaches(int next, long least, long most)
    {
        if (++_tried > Most) return null;
        if (next == _steps.Length) return least <= 0 && most >= 0;
        var step = _steps[next];
        least = (Math.Max(least, 0) + step.Unit - 1) / step.Unit * step.Unit;
        most = Math.Min(most, step.Reach);
        if (least > most) return false;
        if (step.Fills || least == 0 || most == step.Reach) return true;
        var rest = next + 1 < _steps.Length ? _steps[next + 1].Reach : 0;
        for (var count = Math.Min(step.Most, most / step.Bytes); count >= 0 && least - (count * step.Bytes) <= rest; count--)
        {
            if (Reaches(next + 1, least - (count * step.Bytes), most - (count * step.Bytes)) is not false and var answer) return answer;
        }
        return false;
    }

    /// <summary>Steps along one dimension.</summary>
    /// <param name="Bytes">The length of one.</param>
    /// <param name="Most">How many there are.</param>
    private readonly record struct Steps(long Bytes, long Most)
    {
        /// <summary>How far these and all shorter ones lead.</summary>
        public long Reach { get; init; }

        /// <summary>The greatest common divisor of these and all shorter ones.</summary>
        public long Unit { get; init; }

        /// <summary>Whether these and all shorter ones lead to every multiple of it up to there.</summary>
        public bool Fills { get; init; }
    }
}
