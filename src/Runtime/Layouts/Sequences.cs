using System.Collections.Immutable;

namespace Lanyard.Layouts;

/// <summary>Equality of arrays by their elements, for records: an immutable array by itself compares references.</summary>
internal static class Sequences
{
    public static bool Same<T>(ImmutableArray<T> left, ImmutableArray<T> right)
    {
        if (left.IsDefault || right.IsDefault)
            return left.IsDefault == right.IsDefault;
        if (left.Length != right.Length)
            return false;
        for (var i = 0; i < left.Length; i++)
        {
            if (!EqualityComparer<T>.Default.Equals(left[i], right[i]))
                return false;
        }
        return true;
    }

    public static int Hash<T>(ImmutableArray<T> items, int seed = 17)
    {
        if (items.IsDefault)
            return seed;
        foreach (var item in items)
            seed = unchecked((seed * 31) + EqualityComparer<T>.Default.GetHashCode(item!));
        return seed;
    }
}
