namespace Lanyard.Names;

/// <summary>Compares two words of names, in lower case.</summary>
internal static class MisspeltWord
{
    // Of words as short as these nearly every other one is near.
    private const int Short = 3;
    private const int Long = 8;

    /// <summary>How two words are one.</summary>
    public static WordLikeness Compare(string a, string b)
    {
        var (less, more) = a.Length <= b.Length ? (a, b) : (b, a);
        if (less.Length >= 2 && (more == less + "s" || (less.Length >= Short && more == less + "es"))) return WordLikeness.Misspelt;
        if (less.Length >= 2 && IsDoubled(less, more)) return WordLikeness.Misspelt;
        var distance = Distance(less, more);
        if (more.Length <= Short) return distance == 1 && less.Length == more.Length && IsTransposed(less, more) ? WordLikeness.Misspelt : IsShortFor(less, more);
        if (distance > (less.Length >= Long ? 2 : 1)) return IsShortFor(less, more);

        // "qweight" is not "weight", and "height" is not, either.
        return less[0] == more[0] || IsTransposed(less, more) ? WordLikeness.Misspelt : more.Length > Short + 1 ? WordLikeness.Related : WordLikeness.None;
    }

    /// <summary>Whether a letter is there twice in a row that is there once.</summary>
    private static bool IsDoubled(string less, string more)
    {
        if (more.Length != less.Length + 1) return false;
        var at = 0;
        while (at < less.Length && less[at] == more[at]) at++;
        return at > 0 && more[at] == more[at - 1] && char.IsLetter(more[at]) && less.AsSpan(at).SequenceEqual(more.AsSpan(at + 1));
    }

    /// <summary>Whether the first two letters are those of the other word the other way round, and the rest is the same; or any two are, where the first is not among them.</summary>
    private static bool IsTransposed(string a, string b)
    {
        if (a.Length != b.Length) return false;
        for (var i = 0; i + 1 < a.Length; i++)
        {
            if (a[i] != b[i]) return a[i] == b[i + 1] && a[i + 1] == b[i] && a.AsSpan(i + 2).SequenceEqual(b.AsSpan(i + 2));
        }
        return false;
    }

    /// <summary><c>attn</c> for <c>attention</c>, <c>q</c> for <c>query</c>.</summary>
    private static WordLikeness IsShortFor(string less, string more)
    {
        if (less.Length == more.Length || less[0] != more[0] || less.Any(char.IsDigit) || more.Any(char.IsDigit)) return WordLikeness.None;

        // "q" is not "qkv", which is three of them.
        if (less.Length < Short) return more.StartsWith(less, StringComparison.Ordinal) && more.AsSpan().IndexOfAny("aeiouy".AsSpan()) >= 0 ? WordLikeness.Related : WordLikeness.None;
        var at = 0;
        foreach (var letter in more)
        {
            if (at < less.Length && letter == less[at]) at++;
        }
        return at == less.Length && more.Length >= less.Length + 2 ? WordLikeness.Related : WordLikeness.None;
    }

    /// <summary>The distance of Damerau and Levenshtein, in which no letter is moved twice.</summary>
    private static int Distance(string a, string b)
    {
        var (before, last, row) = (new int[b.Length + 1], new int[b.Length + 1], new int[b.Length + 1]);
        for (var j = 0; j <= b.Length; j++) row[j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            (before, last, row) = (last, row, before);
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                row[j] = Math.Min(last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1), Math.Min(last[j], row[j - 1]) + 1);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) row[j] = Math.Min(row[j], before[j - 2] + 1);
            }
        }
        return row[b.Length];
    }
}
