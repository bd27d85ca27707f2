using System.Text;

namespace Lanyard.Generator.Spelling;

/// <summary>The names of parameters, axes and children: the C# name in the spelling of checkpoints.</summary>
public static class SnakeCase
{
    /// <summary>
    /// <c>W13Weight</c> is <c>w13_weight</c>, <c>HTTPServer</c> is <c>http_server</c>: a word starts at an upper-case letter after a
    /// lower-case letter or a digit, and at the last upper-case letter of a run that a lower-case letter follows.
    /// </summary>
    public static string Of(string name)
    {
        var text = new StringBuilder(name.Length + 8);
        for (var i = 0; i < name.Length; i++)
        {
            var letter = name[i];
            if (letter == '_' || StartsWord(name, i)) Separate(text);
            if (letter != '_') text.Append(char.ToLowerInvariant(letter));
        }
        while (text.Length > 0 && text[text.Length - 1] == '_') text.Length--;
        return text.Length > 0 ? text.ToString() : name;
    }

    private static bool StartsWord(string name, int i) =>
        i > 0 && char.IsUpper(name[i]) && (!char.IsUpper(name[i - 1]) || (i + 1 < name.Length && char.IsLower(name[i + 1])));

    private static void Separate(StringBuilder text)
    {
        if (text.Length > 0 && text[text.Length - 1] != '_') text.Append('_');
    }
}
