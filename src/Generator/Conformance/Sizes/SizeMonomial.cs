namespace Lanyard.Generator.Conformance.Sizes;

/// <summary>A product of unknowns, so many times.</summary>
/// <param name="coefficient">How many times, <see cref="Saturated"/>.</param>
/// <param name="factors">The unknowns in ascending order, as often as they occur.</param>
internal readonly struct SizeMonomial(ulong coefficient, int[] factors)
{
    public ulong Coefficient { get; } = coefficient;

    public int[] Factors { get; } = factors;

    public SizeMonomial Times(SizeMonomial other) => new(Saturated.Multiply(Coefficient, other.Coefficient), Merge(Factors, other.Factors));

    public SizeMonomial With(ulong coefficient) => new(coefficient, Factors);

    /// <summary>The order in which a sum has them: by unknowns, a number last.</summary>
    public static int Compare(int[] left, int[] right)
    {
        if (left.Length == 0 || right.Length == 0) return right.Length.CompareTo(left.Length);
        for (var i = 0; i < left.Length && i < right.Length; i++)
        {
            if (left[i] != right[i]) return left[i].CompareTo(right[i]);
        }
        return left.Length.CompareTo(right.Length);
    }

    private static int[] Merge(int[] left, int[] right)
    {
        if (left.Length == 0) return right;
        if (right.Length == 0) return left;
        var merged = new int[left.Length + right.Length];
        for (int i = 0, j = 0; i + j < merged.Length;)
        {
            var isLeft = j == right.Length || (i < left.Length && left[i] <= right[j]);
            merged[i + j] = isLeft ? left[i] : right[j];
            if (isLeft) i++;
            else j++;
        }
        return merged;
    }
}
