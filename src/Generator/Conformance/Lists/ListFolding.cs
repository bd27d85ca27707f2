using System.Collections.Immutable;
using System.Runtime.CompilerServices;

namespace Lanyard.Generator.Conformance.Lists;

/// <summary>
/// Folds names that differ in whole dot-separated numbers alone, and are of one kind, into templates whose numbers multiply out. Names that
/// are no product become several templates. The time grows with the characters of the names.
/// </summary>
internal sealed class ListFolding
{
    // More numbers than this stay text: no name has so many, and each is a call within a call.
    private const int MostHoles = 16;

    private readonly TextTable _patterns = new();
    private readonly List<Group> _groups = [];
    private readonly int[] _numbers = new int[MostHoles];
    private char[] _pattern = new char[256];
    private int _count;

    /// <summary>How many names there are.</summary>
    public int Count => _count;

    /// <summary>Adds a name; names count from zero in the order in which they are added.</summary>
    /// <param name="text">A text that has the name.</param>
    /// <param name="start">Where in it the name begins.</param>
    /// <param name="length">How long the name is.</param>
    /// <param name="kind">What kind of tensor has the name; those of one kind are folded together. Below 65,536 times 65,536.</param>
    [MethodImpl(Hot.Loop)]
    public void Add(string text, int start, int length, int kind)
    {
        if (_pattern.Length < length + 2) _pattern = new char[(length + 2) * 2];
        var (holes, at) = (0, 0);
        for (var i = start; i < start + length;)
        {
            var end = i;
            while (end < start + length && text[end] != '.') end++;
            if (holes < MostHoles && NameSlot.TryNumber(text, i, end - i, out var number))
            {
                // A segment that is a number is nowhere left in a pattern, so that '0' tells where one was.
                _numbers[holes++] = number;
                _pattern[at++] = '0';
                i = end;
            }
            while (i < end) _pattern[at++] = text[i++];
            if (i < start + length) _pattern[at++] = text[i++];
        }
        _pattern[at] = (char)(kind >> 16);
        _pattern[at + 1] = (char)kind;
        var pattern = _patterns.Intern(_pattern, at + 2);
        if (pattern == _groups.Count) _groups.Add(new(holes));
        var group = _groups[pattern];
        group.Names.Add(_count++);
        for (var hole = 0; hole < holes; hole++) group.Numbers.Add(_numbers[hole]);
    }

    /// <summary>The templates in the order of their first names.</summary>
    /// <param name="repeated">Is told each name that was added before with the same kind.</param>
    /// <returns>Templates, each with the first of the names that it stands for.</returns>
    public List<(NameTemplate Names, int First)> Fold(Action<int> repeated)
    {
        var rows = new List<(NameTemplate, int)>();
        for (var pattern = 0; pattern < _groups.Count; pattern++)
        {
            var group = _groups[pattern];
            var text = _patterns.Texts[pattern];
            var texts = Texts(text.Substring(0, text.Length - 2), group.Holes);
            foreach (var (sets, first) in Boxes(group, [.. Enumerable.Range(0, group.Names.Count)], 0, repeated)) rows.Add((new(texts, sets), first));
        }
        rows.Sort((left, right) => left.Item2.CompareTo(right.Item2));
        return rows;
    }

    private static ImmutableArray<string> Texts(string pattern, int holes)
    {
        var texts = ImmutableArray.CreateBuilder<string>();
        var from = 0;
        for (var at = 0; at < pattern.Length && texts.Count < holes; at++)
        {
            var isSegment = pattern[at] == '0' && (at == 0 || pattern[at - 1] == '.') && (at + 1 == pattern.Length || pattern[at + 1] == '.');
            if (!isSegment) continue;
            texts.Add(pattern.Substring(from, at - from));
            from = at + 1;
        }
        texts.Add(pattern.Substring(from));
        return texts.ToImmutable();
    }

    // The products that members make from a hole on, each with its first name.
    [MethodImpl(Hot.Loop)]
    private static List<(ImmutableArray<NumberSet> Sets, int First)> Boxes(Group group, int[] members, int hole, Action<int> repeated)
    {
        if (hole == group.Holes)
        {
            foreach (var member in members.Skip(1)) repeated(group.Names[member]);
            return [([], group.Names[members[0]])];
        }
        int[] numbers = [.. members.Select(member => group.Numbers[(member * group.Holes) + hole])];
        if (hole == group.Holes - 1)
        {
            var first = group.Names[members[0]];
            // Stable, so that of two equal names the later one is the repeated one.
            if (!IsSorted(numbers)) (numbers, members) = Sorted(numbers, members);
            for (var i = 1; i < numbers.Length; i++)
                if (numbers[i] == numbers[i - 1]) repeated(group.Names[members[i]]);
            return [([NumberSet.FromSorted(numbers)], first)];
        }
        var byNumber = new Dictionary<int, List<int>>();
        for (var i = 0; i < members.Length; i++)
        {
            if (!byNumber.TryGetValue(numbers[i], out var same)) byNumber.Add(numbers[i], same = []);
            same.Add(members[i]);
        }
        // Numbers that have a product of the later holes in common share a row.
        var byBox = new Dictionary<Box, (List<int> Numbers, int First)>();
        foreach (var number in byNumber)
        {
            foreach (var (sets, first) in Boxes(group, [.. number.Value], hole + 1, repeated))
            {
                var box = new Box(sets);
                byBox[box] = byBox.TryGetValue(box, out var known) ? (known.Numbers, Math.Min(known.First, first)) : ([], first);
                byBox[box].Numbers.Add(number.Key);
            }
        }
        return [.. byBox.Select(box => (box.Key.Sets.Insert(0, NumberSet.From(box.Value.Numbers)), box.Value.First))];
    }

    [MethodImpl(Hot.Loop)]
    private static bool IsSorted(int[] numbers)
    {
        for (var i = 1; i < numbers.Length; i++)
            if (numbers[i] <= numbers[i - 1]) return false;
        return true;
    }

    private static (int[] Numbers, int[] Members) Sorted(int[] numbers, int[] members)
    {
        var keys = new long[numbers.Length];
        for (var i = 0; i < keys.Length; i++) keys[i] = ((long)numbers[i] << 32) | (uint)members[i];
        Array.Sort(keys);
        return ([.. keys.Select(key => (int)(key >> 32))], [.. keys.Select(key => (int)key)]);
    }

    private sealed class Group(int holes)
    {
        public int Holes { get; } = holes;

        public List<int> Names { get; } = [];

        // Those of each name, one name after the other.
        public List<int> Numbers { get; } = [];
    }

    private sealed class Box(ImmutableArray<NumberSet> sets) : IEquatable<Box>
    {
        public ImmutableArray<NumberSet> Sets { get; } = sets;

        public bool Equals(Box? other) => other is not null && Sets.SequenceEqual(other.Sets);

        public override bool Equals(object? obj) => obj is Box other && Equals(other);

        public override int GetHashCode() => Sets.Aggregate(17, (hash, set) => unchecked((hash * 31) + set.GetHashCode()));
    }
}
