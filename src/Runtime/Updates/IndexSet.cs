namespace Lanyard.Updates;

/// <summary>
/// The indices of one tensor that a session has patched, so that none comes twice. Many are kept as one bit for each element, few by
/// themselves: either way the memory follows their number.
/// </summary>
/// <param name="elements">The number of elements that are indexed.</param>
internal sealed class IndexSet(long elements)
{
    private const int BitsOfWord = 64;

    /// <summary>One index among so many elements, and the bits take four times what the indices take.</summary>
    private const int FewestForBits = 256;

    private long[] _only = [];
    private HashSet<long>? _few;
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
        var known = _only.Length + (_few?.Count ?? 0);
        var twice = _bits is not null || known + indices.Length >= elements / FewestForBits ? Mark(indices)
            : known > 0 ? Gather(indices)
            : Keep(indices, ascends);
        return twice is null ? null : $"index {twice} twice";
    }

    private long? Mark(ReadOnlySpan<long> indices)
    {
        if (_bits is null)
        {
            _bits = new ulong[(elements + BitsOfWord - 1) / BitsOfWord];
            Mark(_few is null ? _only : [.. _few]);
            (_only, _few) = ([], null);
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

    /// <summary>As most sessions have it: one patch, its indices in order.</summary>
    private long? Keep(ReadOnlySpan<long> indices, bool ascends)
    {
        _only = indices.ToArray();
        if (ascends) return null;
        Array.Sort(_only);
        for (var i = 1; i < _only.Length; i++)
        {
            if (_only[i] == _only[i - 1]) return _only[i];
        }
        return null;
    }

    private long? Gather(ReadOnlySpan<long> indices)
    {
        _few ??= [.. _only];
        _only = [];
        foreach (var index in indices)
        {
            if (!_few.Add(index)) return index;
        }
        return null;
    }
}
