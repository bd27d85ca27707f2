using System.Text;

namespace Lanyard.Generator.Spelling;

/// <summary>
/// A line of the declaration that is written on each class: fields between bars, the first of which says what it is of. Those without a place of their own begin with
/// a word: <c>source | q_proj.weight | (heads head_dim) hidden | part q | cast</c>.
/// </summary>
internal static class DeclarationLine
{
    private const char Bar = '|';
    private const char Escape = '\\';

    /// <summary>Writes a line.</summary>
    public static string Of(IEnumerable<string> fields) => string.Join(" | ", fields.Select(Escaped));

    /// <summary>Reads the fields of a line.</summary>
    public static List<string> Fields(string line)
    {
        var (fields, field) = (new List<string>(), new StringBuilder());
        for (var i = 0; i < line.Length; i++)
        {
            if (line[i] == Escape && i + 1 < line.Length) field.Append(line[++i]);
            else if (line[i] == Bar) End(skipped: 1);
            else field.Append(line[i]);
        }
        End(skipped: 0);
        return fields;

        // The spaces beside bars are no part of fields.
        void End(int skipped)
        {
            var start = fields.Count > 0 && field.Length > 0 ? 1 : 0;
            fields.Add(field.ToString(start, Math.Max(field.Length - start - skipped, 0)));
            field.Clear();
        }
    }

    private static string Escaped(string field) => field.Replace("\\", "\\\\").Replace("|", "\\|");
}
