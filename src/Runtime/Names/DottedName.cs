using System.Globalization;

namespace Lanyard.Names;

/// <summary>The parts of a name between dots.</summary>
internal static class DottedName
{
    /// <summary>All that may stand before the rest of a name: what ends with a dot, the shortest first.</summary>
    public static IEnumerable<string> Prefixes(string name) => name.Index().Where(letter => letter.Item == '.').Select(dot => name[..(dot.Index + 1)]);

    /// <summary>The number that a part is, as it is written: 07 is none, for it would be shown as 7, and is another item than 7.</summary>
    public static int? Number(ReadOnlySpan<char> part) =>
        part.Length is > 0 and < 10 && (part.Length == 1 || part[0] != '0') && !part.ContainsAnyExceptInRange('0', '9') ? int.Parse(part, CultureInfo.InvariantCulture) : null;
}
