using System.Runtime.CompilerServices;

namespace Lanyard.Generator.Conformance.Lists;

/// <summary>Numbers texts in the order in which they come, without a string for one that is there already.</summary>
internal sealed class TextTable
{
    private readonly List<string> _texts = [];
    private int[] _hashes = [];

    // One more than the number of the text, so that zero is free. A power of two, at most half full.
    private int[] _slots = new int[256];

    /// <summary>The texts.</summary>
    public IReadOnlyList<string> Texts => _texts;

    /// <summary>The number of a text.</summary>
    [MethodImpl(Hot.Loop)]
    public int Intern(char[] text, int length)
    {
        var hash = 17;
        for (var i = 0; i < length; i++) hash = unchecked((hash * 31) + text[i]);
        hash ^= hash >> 15;
        var slot = hash & (_slots.Length - 1);
        for (; _slots[slot] != 0; slot = (slot + 1) & (_slots.Length - 1))
        {
            var number = _slots[slot] - 1;
            if (_hashes[number] == hash && IsEqual(_texts[number], text, length)) return number;
        }
        if (_texts.Count == _hashes.Length) Array.Resize(ref _hashes, Math.Max(64, _hashes.Length * 2));
        _hashes[_texts.Count] = hash;
        _texts.Add(new(text, 0, length));
        _slots[slot] = _texts.Count;
        if (_texts.Count * 2 > _slots.Length) Grow();
        return _texts.Count - 1;
    }

    [MethodImpl(Hot.Loop)]
    private static bool IsEqual(string left, char[] right, int length)
    {
        if (left.Length != length) return false;
        for (var i = 0; i < length; i++)
            if (left[i] != right[i]) return false;
        return true;
    }

    private void Grow()
    {
        _slots = new int[_slots.Length * 2];
        for (var number = 0; number < _texts.Count; number++)
        {
            var slot = _hashes[number] & (_slots.Length - 1);
            while (_slots[slot] != 0) slot = (slot + 1) & (_slots.Length - 1);
            _slots[slot] = number + 1;
        }
    }
}
