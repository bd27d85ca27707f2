using System.Globalization;
using System.Text;

namespace Lanyard.Generator.Conformance.Lists;

/// <summary>A JSON text as its values in order, with their places. An object has the names of its members before their values.</summary>
/// <param name="text">The text.</param>
/// <param name="nodes">Its values; the first is the whole.</param>
internal sealed class JsonText(string text, List<JsonNode> nodes)
{
    /// <summary>The text.</summary>
    public string Text { get; } = text;

    /// <summary>A value or the name of a member.</summary>
    public JsonNode this[int node] => nodes[node];

    /// <summary>The members of an object: the nodes of their names, each followed by that of its value. A name that stood before is left out.</summary>
    public IEnumerable<int> Members(int node)
    {
        for (var member = node + 1; member < nodes[node].Next; member = nodes[member + 1].Next)
            if (!Repeated.Contains(member)) yield return member;
    }

    /// <summary>The items of an array.</summary>
    public IEnumerable<int> Items(int node)
    {
        for (var item = node + 1; item < nodes[node].Next; item = nodes[item].Next) yield return item;
    }

    /// <summary>The names of members that stood in their object before.</summary>
    public HashSet<int> Repeated { get; } = [];

    /// <summary>The value of a member, -1 where there is none.</summary>
    public int Find(int node, string name)
    {
        if (nodes[node].Kind != JsonKind.Object) return -1;
        for (var member = node + 1; member < nodes[node].Next; member = nodes[member + 1].Next)
            if (Is(member, name)) return member + 1;
        return -1;
    }

    /// <summary>The value of a member that has to be of a kind, -1 where it is not or where there is none.</summary>
    public int Find(int node, string name, JsonKind kind) => Find(node, name) is >= 0 and var value && nodes[value].Kind == kind ? value : -1;

    /// <summary>The text of a string, with its escapes read; of anything else as it stands.</summary>
    public string String(int node)
    {
        var raw = Text.Substring(nodes[node].Start, nodes[node].Length);
        return nodes[node].HasEscapes ? Unescaped(raw) : raw;
    }

    /// <summary>Whether two strings are equal.</summary>
    public bool Equal(int left, int right) => nodes[left].HasEscapes || nodes[right].HasEscapes
        ? String(left) == String(right)
        : nodes[left].Length == nodes[right].Length && string.CompareOrdinal(Text, nodes[left].Start, Text, nodes[right].Start, nodes[left].Length) == 0;

    /// <summary>A number as a whole one that is not negative.</summary>
    /// <returns>False where it is none, or greater than a long.</returns>
    public bool TryWhole(int node, out long number)
    {
        number = 0;
        return nodes[node].Kind == JsonKind.Number
            && long.TryParse(Text.Substring(nodes[node].Start, nodes[node].Length), NumberStyles.None, CultureInfo.InvariantCulture, out number);
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

    private bool Is(int node, string text) => nodes[node].HasEscapes
        ? String(node) == text
        : nodes[node].Length == text.Length && string.CompareOrdinal(Text, nodes[node].Start, text, 0, text.Length) == 0;
}
