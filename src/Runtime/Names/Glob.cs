using System.Text;

namespace Lanyard.Names;

/// <summary>Matches full names against declared patterns: <c>*</c> is any text without a dot, <c>**</c> any text.</summary>
internal static class Glob
{
    /// <summary>Whether the whole name matches.</summary>
    public static bool Matches(ReadOnlySpan<char> pattern, ReadOnlySpan<char> name) => Matches(pattern, name, null);

    /// <summary>The name that a pattern's stars make of another pattern, each for the text that it stands for; null where the name does not match.</summary>
    public static string? Replace(string pattern, string replacement, string name)
    {
        var texts = new List<string>();
        if (!Matches(pattern, name, texts)) return null;
        var (text, next) = (new StringBuilder(), texts.Count);
        for (var i = 0; i < replacement.Length; i++)
        {
            if (replacement[i] != '*')
            {
                text.Append(replacement[i]);
                continue;
            }
            if (i + 1 < replacement.Length && replacement[i + 1] == '*') i++;
            text.Append(texts[--next]);
        }
        return text.ToString();
    }

    /// <summary>The stars of a pattern, by their lengths.</summary>
    public static IEnumerable<int> Stars(string pattern)
    {
        for (var i = 0; i < pattern.Length; i++)
        {
            if (pattern[i] != '*') continue;
            var isAny = i + 1 < pattern.Length && pattern[i + 1] == '*';
            if (isAny) i++;
            yield return isAny ? 2 : 1;
        }
    }

    /// <param name="pattern">The pattern.</param>
    /// <param name="name">The name.</param>
    /// <param name="texts">What the stars stand for, where the name matches: the last one first.</param>
    private static bool Matches(ReadOnlySpan<char> pattern, ReadOnlySpan<char> name, List<string>? texts)
    {
        while (true)
        {
            if (pattern.IsEmpty) return name.IsEmpty;
            if (pattern[0] != '*')
            {
                if (name.IsEmpty || name[0] != pattern[0]) return false;
                pattern = pattern[1..];
                name = name[1..];
                continue;
            }

            // Tried out, which costs a power of the stars: patterns are the author's, and have one or two.
            var any = pattern.StartsWith("**");
            var rest = pattern[(any ? 2 : 1)..];
            for (var taken = 0; taken <= name.Length; taken++)
            {
                if (Matches(rest, name[taken..], texts))
                {
                    texts?.Add(name[..taken].ToString());
                    return true;
                }
                if (taken < name.Length && name[taken] == '.' && !any) return false;
            }
            return false;
        }
    }
}
