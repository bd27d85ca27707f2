using System.Text;

namespace Lanyard.Checkpoints;

/// <summary>JSON as Python writes it, which has a word for a number that JSON has not: <c>"time_step_limit": [0.0, Infinity]</c>.</summary>
internal static class PythonJson
{
    private const string Word = "Infinity";

    /// <summary>The same text with a number or a word of JSON in each place of that word, outside of texts.</summary>
    /// <param name="json">The text.</param>
    /// <param name="instead">What stands there: <c>1e999</c>, which readers take for infinite, or <c>null</c>.</param>
    public static string Plain(string json, string instead)
    {
        if (!json.Contains(Word, StringComparison.Ordinal)) return json;
        var plain = new StringBuilder(json.Length);
        var isText = false;
        for (var i = 0; i < json.Length; i++)
        {
            if (!isText && string.CompareOrdinal(json, i, Word, 0, Word.Length) == 0 && (i == 0 || !char.IsLetterOrDigit(json[i - 1])))
            {
                plain.Append(instead);
                i += Word.Length - 1;
                continue;
            }
            if (json[i] == '"') isText = !isText;
            plain.Append(json[i]);

            // What follows a backslash ends no text.
            if (isText && json[i] == '\\' && i + 1 < json.Length) plain.Append(json[++i]);
        }
        return plain.ToString();
    }
}
