namespace Lanyard.Updates;

/// <summary>
/// The patches of one tensor in a session, so that no index comes twice. Patches that come one after another in the tensor need no more
/// than their ends. Of others, many indices are kept as one bit for each element, few by themselves: either way the memory follows their number.
/// </summary>
/// <param name="elements">The number of elements that are indexed.</param>
internal sealed class IndexSet(long elements)
{
    private const int BitsOfWord = 64;

    /// <summary>One index among so many elements, and the bits take four times what the indices take.</summary>
    private const int FewestForBits = 256;

    private readonly List<GivenElements> _patches = [];
    private readonly HashSet<long> _few = [];
    private ulong[]? _bits;
    private int _entered;
    private long _count;
    private long _max = -1;

    /// <summary>Adds given. Returns the first fault, or null; after a fault the set is of no more use.</summary>
    /// <param name="given">The given.</param>
    public string? Add(GivenElements given)
    {
        if (given.Count == 0) return null;
        if (given.Min < 0) return $"index {given.Min}";
        if (given.Max >= elements) return $"index {given.Max} of {elements} elements";
        if (given.Pieces.Length == 0) return $"indices from {given.Min} to {given.Max}, further apart than those of one patch may be";
        var twice = given.Twice ?? (given.Min > _max ? null : Crossing(given));
        if (twice is not null) return $"index {twice} twice";
        (_count, _max) = (_count + given.Count, Math.Max(_max, given.Max));
        _patches.Add(given);
        return null;
    }

    /// <summary>An index that came before; null where none did. From here on every index is known.</summary>
    private long? Crossing(GivenElements given)
    {
        if (_bits is null && _count + given.Count >= elements / FewestForBits)
        {
            (_bits, _entered) = (new ulong[(elements + BitsOfWord - 1) / BitsOfWord], 0);
            _few.Clear();
        }
        for (; _entered < _patches.Count; _entered++) Enter(_patches[_entered]);
        _entered++;
        return Enter(given);
    }

    private long? Enter(GivenElements given)
    {
        foreach (var piece in given.Pieces)
        {
            foreach (var offset in piece.Offsets)
            {
                var index = piece.Base + offset;
                if (!Enter(index)) return index;
            }
        }
        return null;
    }

    private bool Enter(long index)
    {
        if (_bits is null) return _few.Add(index);
        ref var word = ref _bits[index / BitsOfWord];
        var bit = 1UL << (int)(index % BitsOfWord);
        if ((word & bit) != 0) return false;
        word |= bit;
        return true;
    }
}
