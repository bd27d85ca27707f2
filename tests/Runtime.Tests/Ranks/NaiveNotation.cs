using System.Text.RegularExpressions;

namespace Lanyard.Tests.Ranks;

/// <summary>
/// The layout notation as its page has it, element by element: an array is a list of identities, an identity a set of words such as
/// <c>heads=3</c> and <c>#q</c>, or null where there is padding. It reads the text itself and knows nothing of strides.
/// </summary>
/// <param name="sizes">The sizes of the axes.</param>
/// <param name="labels">The names of the indices of labelled axes.</param>
internal sealed class NaiveNotation(IReadOnlyDictionary<string, int> sizes, IReadOnlyDictionary<string, string[]> labels)
{
    private string[] _words = [];
    private int _next;
    private Func<string, int?[]> _held = _ => [];

    /// <summary>The shape, and the identity of each position in row-major order.</summary>
    /// <param name="pattern">The pattern of the array.</param>
    /// <param name="held">For each axis what is held of it, in order; null is padding.</param>
    public (long[] Shape, string?[] Elements) Array(string pattern, Func<string, int?[]> held)
    {
        Read(pattern, held);
        var items = new List<string?[]>();
        while (_next < _words.Length) items.Add(Item());
        return ([.. items.Select(item => (long)item.Length)], Product(items));
    }

    /// <summary>The same of everything that there is.</summary>
    public (long[] Shape, string?[] Elements) Whole(string pattern) => Array(pattern, All);

    /// <summary>The tensors of a name, each with what its holes say.</summary>
    public List<(string Name, string Identity)> Names(string name)
    {
        List<(string Name, string Identity)> names = [("", "")];
        foreach (var segment in Regex.Split(name, @"(\{[^}]*\})"))
        {
            var items = segment.StartsWith('{') ? Spelled(segment[1..^1]) : [(segment, "")];
            names = [.. names.SelectMany(before => items.Select(item => (before.Name + item.Text, Join(before.Identity, item.Identity))))];
        }
        return names;
    }

    /// <summary>An identity that has the words of both.</summary>
    public static string Join(string one, string other) =>
        string.Join(' ', one.Split(' ', StringSplitOptions.RemoveEmptyEntries).Union(other.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Order(StringComparer.Ordinal));

    private int?[] All(string axis) => [.. Enumerable.Range(0, sizes[axis]).Select(index => (int?)index)];

    private void Read(string text, Func<string, int?[]> held) => (_words, _next, _held) = ([.. Regex.Matches(text, @"\w+|[^\w\s]").Select(match => match.Value)], 0, held);

    private List<(string Text, string Identity)> Spelled(string hole)
    {
        var shift = Regex.Match(hole, @"^(\w+) ([+-]) (\d+)$") is { Success: true } match && sizes.ContainsKey(match.Groups[1].Value) ? int.Parse(match.Groups[2].Value + match.Groups[3].Value) : 0;
        Read(shift == 0 ? hole : hole.Split(' ')[0], All);
        return [.. Composition().Select((identity, index) => (labels.TryGetValue(hole, out var names) ? names[index] : $"{index + shift}", identity!))];
    }

    private string?[] Item()
    {
        var word = _words[_next++];
        if (word == "1") return [""];
        if (word == "(") return Closed(Composition());
        if (word is not ("pad" or "blocks") || _next == _words.Length || _words[_next] != "(")
            return [.. _held(word).Select(index => index is null ? null : $"{word}={index}")];

        var begin = _next++;
        var inside = Composition();
        var text = string.Join(' ', _words[begin.._next]);
        var size = int.Parse(_words[++_next]);
        _next++;
        return Closed(word == "pad" ? [.. inside, .. new string?[(size - (inside.Length % size)) % size]] : Blocks(text, inside, size));
    }

    /// <summary>Composition ends at a closing bracket, at a comma or with the text.</summary>
    private string?[] Composition()
    {
        var all = new List<string?>();
        do
        {
            if (_words[_next] == "+") _next++;
            var tag = _next + 1 < _words.Length && _words[_next + 1] == ":" ? "#" + _words[_next] : "";
            if (tag != "") _next += 2;
            var items = new List<string?[]>();
            while (_next < _words.Length && _words[_next] is not (")" or "+" or ",")) items.Add(Item());
            all.AddRange(Product(items).Select(identity => identity is null ? null : Join(identity, tag)));
        }
        while (_next < _words.Length && _words[_next] == "+");
        return [.. all];
    }

    /// <summary>The block of each position of the whole, and then those of which the rank holds the positions.</summary>
    private string?[] Blocks(string text, string?[] inside, int size)
    {
        var (words, next, held) = (_words, _next, _held);
        Read(text[1..], All);
        var whole = Composition().ToList();
        (_words, _next, _held) = (words, next, held);
        return [.. inside.Select(identity => $"{text.Replace(' ', '_')},{size})={whole.IndexOf(identity) / size}").Distinct()];
    }

    private T Closed<T>(T item)
    {
        if (_next < _words.Length && _words[_next] == ")") _next++;
        return item;
    }

    private static string?[] Product(List<string?[]> items)
    {
        string?[] row = [""];
        foreach (var item in items) row = [.. row.SelectMany(slower => item.Select(faster => slower is null || faster is null ? null : Join(slower, faster)))];
        return row;
    }
}
