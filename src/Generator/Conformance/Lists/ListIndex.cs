using System.Collections.Immutable;

namespace Lanyard.Generator.Conformance.Lists;

/// <summary>Finds rows by their keys; nothing is expanded.</summary>
internal sealed class ListIndex
{
    private readonly ImmutableArray<ListedTensor> _rows;
    private readonly NameKey[] _names;

    // The keys in ordinal order, and for each the rows that have it: those from _starts on, the ones with holes first.
    private readonly string[] _keys;
    private readonly int[] _starts;
    private readonly int[] _order;

    // Rows of one name. Names with digits beside letters share a key in thousands, and are found here at once.
    private readonly Dictionary<string, int> _single = new(StringComparer.Ordinal);

    public ListIndex(ImmutableArray<ListedTensor> rows)
    {
        _rows = rows;
        _names = [.. rows.Select(row => NameKey.Of(row.Name.Texts, row.Name.Holes.As<NumberSet?>()))];
        _order = [.. Enumerable.Range(0, rows.Length)];
        Array.Sort(_order, Compare);
        var (keys, starts) = (new List<string>(), new List<int>());
        for (var i = 0; i < _order.Length; i++)
        {
            var row = _order[i];
            if (keys.Count == 0 || keys[keys.Count - 1] != _names[row].Text)
            {
                keys.Add(_names[row].Text);
                starts.Add(i);
            }
            if (rows[row].Name.Holes.IsEmpty && !_single.ContainsKey(rows[row].Name.Texts[0])) _single.Add(rows[row].Name.Texts[0], row);
        }
        (_keys, _starts) = ([.. keys], [.. starts, _order.Length]);
    }

    /// <summary>The row of a name.</summary>
    public FoundTensor? Find(string name)
    {
        var query = NameKey.Of(name);
        if (_single.TryGetValue(name, out var single)) return Match(single, query);
        var key = Array.BinarySearch(_keys, query.Text, StringComparer.Ordinal);
        if (key < 0) return null;
        for (var i = _starts[key]; i < _starts[key + 1] && !_rows[_order[i]].Name.Holes.IsEmpty; i++)
            if (Match(_order[i], query) is { } found) return found;
        return null;
    }

    /// <summary>The rows of a query, in the order of the list.</summary>
    public ImmutableArray<FoundTensor> Find(NameQuery query)
    {
        var key = Array.BinarySearch(_keys, query.Key.Text, StringComparer.Ordinal);
        return key < 0 ? [] : Matches(key, key + 1, query.Key, query.Holes);
    }

    /// <summary>The rows with names that begin with a prefix, in the order of the list.</summary>
    public ImmutableArray<FoundTensor> Below(NameKey prefix)
    {
        var first = Array.BinarySearch(_keys, prefix.Text, StringComparer.Ordinal);
        if (first < 0) first = ~first;
        var end = first;
        while (end < _keys.Length && _keys[end].StartsWith(prefix.Text, StringComparison.Ordinal)) end++;
        return Matches(first, end, prefix, 0);
    }

    /// <summary>The numbers of whole segments that follow a prefix, in groups that have the same rows.</summary>
    public ImmutableArray<NumberSet> NumbersBelow(NameKey prefix)
    {
        var groups = new List<NumberSet>();
        var seen = new HashSet<NumberSet>();
        foreach (var found in Below(prefix))
        {
            var (key, at) = (_names[found.Row], prefix.Text.Length);
            if (at == key.Text.Length || key.Text[at] != '0' || (at + 1 < key.Text.Length && key.Text[at + 1] != '.')) continue;
            var numbers = key.Slots[prefix.Slots.Length].Numbers;
            if (numbers is null || !seen.Add(numbers)) continue;
            for (int i = 0, end = groups.Count; i < end && !numbers.IsEmpty; i++)
            {
                var common = groups[i].Intersect(numbers);
                if (common.IsEmpty) continue;
                if (!common.Equals(groups[i])) groups.Add(groups[i].Except(common));
                groups[i] = common;
                numbers = numbers.Except(common);
            }
            if (!numbers.IsEmpty) groups.Add(numbers);
        }
        return [.. groups.OrderBy(group => group.First)];
    }

    /// <summary>Pairs of rows that have a name in common, each row at most once as the later one.</summary>
    public IEnumerable<(int Earlier, int Later)> Overlaps()
    {
        var taken = new HashSet<int>();
        for (var key = 0; key < _keys.Length; key++)
        {
            for (var i = _starts[key]; i < _starts[key + 1]; i++)
            {
                var row = _order[i];
                if (_rows[row].Name.Holes.IsEmpty)
                {
                    var earlier = _single[_rows[row].Name.Texts[0]];
                    if (earlier != row && taken.Add(row)) yield return (earlier, row);
                    continue;
                }
                for (var j = i + 1; j < _starts[key + 1]; j++)
                {
                    var (earlier, later) = (Math.Min(row, _order[j]), Math.Max(row, _order[j]));
                    if (_names[row].Overlaps(_names[_order[j]]) && taken.Add(later)) yield return (earlier, later);
                }
            }
        }
    }

    private int Compare(int left, int right)
    {
        var order = string.CompareOrdinal(_names[left].Text, _names[right].Text);
        if (order == 0) order = _rows[left].Name.Holes.IsEmpty.CompareTo(_rows[right].Name.Holes.IsEmpty);
        return order == 0 ? left.CompareTo(right) : order;
    }

    private ImmutableArray<FoundTensor> Matches(int firstKey, int endKey, NameKey query, int holes)
    {
        if (firstKey == endKey) return [];
        var found = new List<FoundTensor>();
        for (var i = _starts[firstKey]; i < _starts[endKey]; i++)
            if (Match(_order[i], query, holes) is { } match) found.Add(match);
        found.Sort((left, right) => left.Row.CompareTo(right.Row));
        return [.. found];
    }

    private FoundTensor? Match(int row, NameKey query, int holes = 0)
    {
        NumberSet[] left = [.. _rows[row].Name.Holes];
        var found = new NumberSet[holes];
        return _names[row].Matches(query, left, found) ? new(_rows[row], row, _names[row], query, [.. left], [.. found]) : null;
    }
}
