namespace Lanyard.Names;

/// <summary>The parts of a name between dots.</summary>
internal static class DottedName
{
    // Names of models have four or so, and names may come from anybody.
    private const int MostItems = 8;

    /// <summary>All that may stand before the rest of a name: what ends with a dot, the shortest first.</summary>
    public static IEnumerable<string> Prefixes(string name) => Enumerable.Range(0, name.Length).Where(i => name[i] == '.').Select(dot => name[..(dot + 1)]);

    /// <summary>What stands before the last part, with its dot; empty where there is none.</summary>
    public static string Parent(string name) => name[..(name.LastIndexOf('.') + 1)];

    /// <summary>The last part.</summary>
    public static string Leaf(string name) => name[(name.LastIndexOf('.') + 1)..];

    /// <summary>The number that a part is, as it is written: 07 is none, for it would be shown as 7, and is another item than 7.</summary>
    public static int? Number(ReadOnlySpan<char> part)
    {
        if (part.Length is 0 or >= 10 || (part.Length > 1 && part[0] == '0')) return null;
        var number = 0;
        foreach (var letter in part)
        {
            if (letter is < '0' or > '9') return null;
            number = (number * 10) + (letter - '0');
        }
        return number;
    }

    /// <summary>The numbers of a name, with a dot after each: what tells names of one shape apart.</summary>
    public static string Numbers(string name) => string.Concat(name.Split('.').Where(part => Number(part.AsSpan()) is not null).Select(part => part + "."));

    /// <summary>The places of a name that are items of lists, the outermost eight: what stands before the number, with its dot, and the number.</summary>
    public static IEnumerable<(string List, int Item)> Items(string name)
    {
        var items = 0;
        for (var start = 0; start < name.Length && items < MostItems;)
        {
            var dot = name.IndexOf('.', start);
            var end = dot < 0 ? name.Length : dot;
            if (Number(name.AsSpan(start, end - start)) is { } number)
            {
                items++;
                yield return (name[..start], number);
            }
            start = end + 1;
        }
    }
}
