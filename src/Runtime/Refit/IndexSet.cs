namespace Lanyard;

/// <summary>
/// The indices of one tensor that a session has patched, so that none comes twice. Few are kept as they are, in order; many as one bit
/// for each element: either way the memory follows their number.
/// </summary>
/// <param name="elements">The number of elements that are indexed.</param>
internal sealed class IndexSet(long elements)
{
    private const int BitsOfWord = 64;

    /// <summary>One index among so many elements, and the bits take four times what the indices take.</summary>
    private const int FewestForBits = 256;

    private long[] _sorted = [];
    private ulong[]? _bits;

    /// <summary>Adds indices. Returns the first fault, or null; after a fault the set is of no more use.</summary>
    /// <param name="indices">The indices, in any order.</param>
    public string? Add(ReadOnlySpan<long> indices)
    {
        if (indices.IsEmpty) return null;
        var (first, last, ascends) = (indices[0], indices[0], true);
        for (var i = 1; i < indices.Length; i++)
        {
            var index = indices[i];
            ascends &= index > indices[i - 1];
            first = Math.Min(first, index);
            last = Math.Max(last, index);
        }
        if (first < 0) return $"index {first}";
        if (last >= elements) return $"index {last} of {elements} elements";
        var twice = _bits is not null || (_sorted.Length + indices.Length) >= elements / FewestForBits ? Mark(indices) : Merge(indices, ascends);
        return twice is null ? null : $"index {twice} twice";
    }

    private long? Mark(ReadOnlySpan<long> indices)
    {
        if (_bits is null)
        {
            _bits = new ulong[(elements + BitsOfWord - 1) / BitsOfWord];
            Mark(_sorted);
            _sorted = [];
        }
        foreach (var index in indices)
        {
            ref var word = ref _bits[index / BitsOfWord];
            var bit = 1UL << (int)(index % BitsOfWord);
            if ((word & bit) != 0) return index;
            word |= bit;
        }
        return null;
    }

    private long? Merge(ReadOnlySpan<long> indices, bool ascends)
    {
        var all = new long[_sorted.Length + indices.Length];
        _sorted.CopyTo(all, 0);
        indices.CopyTo(all.AsSpan(_sorted.Length));
        if (!ascends || (_sorted.Length > 0 && _sorted[^1] >= indices[0])) Array.Sort(all);
        for (var i = 1; i < all.Length; i++)
        {
            if (all[i] == all[i - 1]) return all[i];
        }
        _sorted = all;
        return null;
    }
}
