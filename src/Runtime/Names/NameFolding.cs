using System.Globalization;
using System.Text;
using Lanyard.Names;

namespace Lanyard;

/// <summary>Folds names that differ in their numbers: <c>layers.{0..47}.norm.weight</c>.</summary>
public static class NameFolding
{
    // Names of models have four or so. The time to fold grows with the square of their number, and names may come from anybody.
    private const int MostNumbers = 8;

    /// <summary>The name with each whole number between dots replaced by a placeholder: equal for names that may fold.</summary>
    public static string Shape(string name) => string.Join(".", name.Split('.').Select(part => DottedName.Number(part.AsSpan()) is not null ? "#" : part.StartsWith("#", StringComparison.Ordinal) ? "#" + part : part));

    /// <summary>The name with a star for each whole number between dots: what matches it and the names that it may fold with.</summary>
    internal static string Pattern(string name) => string.Join(".", name.Split('.').Select(part => DottedName.Number(part.AsSpan()) is not null ? "*" : part));

    /// <summary>Whole numbers, ascending, as a message shows them: <c>0..3,7</c>.</summary>
    internal static string Numbers(IEnumerable<int> sorted) => Ranges([.. sorted]).Trim('{', '}');

    /// <summary>Folds names where every combination of their numbers is present; other names, and those of more than eight numbers, stay as they are. A name that comes twice is shown once.</summary>
    public static List<string> Fold(IEnumerable<string> names)
    {
        var folded = new List<string>();
        foreach (var group in names.Distinct().GroupBy(Shape))
        {
            var parts = group.Select(name => name.Split('.')).ToList();
            var positions = Enumerable.Range(0, parts[0].Length).Where(i => DottedName.Number(parts[0][i].AsSpan()) is not null).ToList();
            if (positions.Count <= MostNumbers) FoldInto(folded, parts, positions);
            else folded.AddRange(group);
        }
        return folded;
    }

    /// <summary>The names folded, for a message: without control characters, which a file may have put there.</summary>
    internal static List<string> Shown(IEnumerable<string> names) => Fold(names).ConvertAll(Shown);

    /// <summary>Text for a message, without control characters.</summary>
    internal static string Shown(string text) =>
        text.Any(char.IsControl) ? string.Concat(text.Select(c => char.IsControl(c) ? "\\u" + ((int)c).ToString("x4", CultureInfo.InvariantCulture) : $"{c}")) : text;

    private static void FoldInto(List<string> folded, List<string[]> names, List<int> positions)
    {
        var values = positions.Select(i => names.Select(name => DottedName.Number(name[i].AsSpan())!.Value).Distinct().OrderBy(static number => number).ToList()).ToList();
        var product = values.Aggregate(1L, (count, list) => count * list.Count);
        if (product == names.Count)
        {
            var template = (string[])names[0].Clone();
            for (var p = 0; p < positions.Count; p++) template[positions[p]] = Ranges(values[p]);
            folded.Add(string.Join(".", template));
            return;
        }

        // Not a full product: fold within each value of the outermost number that varies.
        var outer = positions[values.FindIndex(list => list.Count > 1)];
        foreach (var group in names.GroupBy(name => name[outer])) FoldInto(folded, [.. group], positions);
    }

    private static string Ranges(List<int> sorted)
    {
        if (sorted.Count == 1) return sorted[0].ToString(CultureInfo.InvariantCulture);
        var text = new StringBuilder("{");
        for (var i = 0; i < sorted.Count;)
        {
            var end = i;
            while (end + 1 < sorted.Count && sorted[end + 1] == sorted[end] + 1) end++;
            if (i > 0) text.Append(',');
            text.Append(sorted[i].ToString(CultureInfo.InvariantCulture));
            if (end > i) text.Append(end == i + 1 ? ',' : '.').Append(end == i + 1 ? "" : ".").Append(sorted[end].ToString(CultureInfo.InvariantCulture));
            i = end + 1;
        }
        return text.Append('}').ToString();
    }
}
