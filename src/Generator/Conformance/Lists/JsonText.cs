using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace Lanyard.Generator.Conformance.Lists;

/// <summary>A JSON text as its values in order, with their places. An object has the names of its members before their values.</summary>
internal sealed class JsonText
{
    private JsonNode[] _nodes;

    /// <summary>A text of which no value has been read yet.</summary>
    public JsonText(string text)
    {
        Text = text;
        // A guess: names and type names make most of a list's characters.
        _nodes = new JsonNode[Math.Min((text.Length / 10) + 16, 1 << 22)];
    }

    /// <summary>The text.</summary>
    public string Text { get; }

    /// <summary>How many values and names of members were read. The first is the whole.</summary>
    public int Count { get; private set; }

    /// <summary>A value or the name of a member.</summary>
    public ref JsonNode this[int node] => ref _nodes[node];

    /// <summary>The names of members that stood in their object before.</summary>
    public HashSet<int> Repeated { get; } = [];

    /// <summary>Adds a value, or the name of a member.</summary>
    [MethodImpl(Hot.Loop)]
    public void Add(JsonKind kind, int start, int length, bool hasEscapes)
    {
        if (Count == _nodes.Length) Array.Resize(ref _nodes, Count * 2);
        _nodes[Count++] = new(kind, start, length, Count, hasEscapes);
    }

    /// <summary>The members of an object: the nodes of their names, each followed by that of its value. A name that stood before is left out.</summary>
    public IEnumerable<int> Members(int node)
    {
        for (var member = node + 1; member < _nodes[node].Next; member = _nodes[member + 1].Next)
            if (Repeated.Count == 0 || !Repeated.Contains(member)) yield return member;
    }

    /// <summary>The items of an array.</summary>
    public IEnumerable<int> Items(int node)
    {
        for (var item = node + 1; item < _nodes[node].Next; item = _nodes[item].Next) yield return item;
    }

    /// <summary>The value of a member, -1 where there is none.</summary>
    [MethodImpl(Hot.Loop)]
    public int Find(int node, string name)
    {
        if (_nodes[node].Kind != JsonKind.Object) return -1;
        for (var member = node + 1; member < _nodes[node].Next; member = _nodes[member + 1].Next)
            if (Is(member, name)) return member + 1;
        return -1;
    }

    /// <summary>The value of a member that has to be of a kind, -1 where it is not or where there is none.</summary>
    public int Find(int node, string name, JsonKind kind) => Find(node, name) is >= 0 and var value && _nodes[value].Kind == kind ? value : -1;

    /// <summary>The text of a string, with its escapes read; of anything else as it stands.</summary>
    public string String(int node)
    {
        var raw = Text.Substring(_nodes[node].Start, _nodes[node].Length);
        return _nodes[node].HasEscapes ? Unescaped(raw) : raw;
    }

    /// <summary>Whether a string is a text.</summary>
    [MethodImpl(Hot.Loop)]
    public bool Is(int node, string text)
    {
        ref readonly var ours = ref _nodes[node];
        if (ours.HasEscapes) return String(node) == text;
        return ours.Length == text.Length && string.CompareOrdinal(Text, ours.Start, text, 0, text.Length) == 0;
    }

    /// <summary>Whether two strings are equal.</summary>
    [MethodImpl(Hot.Loop)]
    public bool Equal(int left, int right)
    {
        ref readonly var ours = ref _nodes[left];
        ref readonly var theirs = ref _nodes[right];
        if (ours.HasEscapes || theirs.HasEscapes) return String(left) == String(right);
        return ours.Length == theirs.Length && string.CompareOrdinal(Text, ours.Start, Text, theirs.Start, ours.Length) == 0;
    }

    /// <summary>A number as a whole one that is not negative.</summary>
    /// <returns>False where it is none, or greater than a long.</returns>
    public bool TryWhole(int node, out long number)
    {
        number = 0;
        return _nodes[node].Kind == JsonKind.Number
            && long.TryParse(Text.Substring(_nodes[node].Start, _nodes[node].Length), NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }

    private static string Unescaped(string raw)
    {
        var text = new StringBuilder(raw.Length);
        for (var i = 0; i < raw.Length; i++)
        {
            if (raw[i] != '\\')
            {
                text.Append(raw[i]);
                continue;
            }
            switch (raw[++i])
            {
                case 'b': text.Append('\b'); break;
                case 'f': text.Append('\f'); break;
                case 'n': text.Append('\n'); break;
                case 'r': text.Append('\r'); break;
                case 't': text.Append('\t'); break;
                case 'u':
                    text.Append((char)int.Parse(raw.Substring(i + 1, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture));
                    i += 4;
                    break;
                default: text.Append(raw[i]); break;
            }
        }
        return text.ToString();
    }

}
