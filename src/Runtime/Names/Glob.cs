namespace Lanyard.Names;

/// <summary>Matches full names against declared patterns: <c>*</c> is any text without a dot, <c>**</c> any text.</summary>
internal static class Glob
{
    /// <summary>Whether the whole name matches.</summary>
    public static bool Matches(ReadOnlySpan<char> pattern, ReadOnlySpan<char> name)
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
                if (Matches(rest, name[taken..])) return true;
                if (taken < name.Length && name[taken] == '.' && !any) return false;
            }
            return false;
        }
    }
}
