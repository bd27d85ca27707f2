namespace Lanyard.Names;

/// <summary>Finds the known name that a wrong one was most likely meant to be.</summary>
internal static class NearestName
{
    /// <summary>The name at the smallest edit distance or, where none is near, one that ends alike, as below another prefix; null where there is none either.</summary>
    public static string? Of(string name, IEnumerable<string> known) => AtDistance(name, known) ?? EndingAlike(name, known);

    private static string? AtDistance(string name, IEnumerable<string> known)
    {
        var limit = Math.Max(2, name.Length / 4);
        string? nearest = null;
        foreach (var candidate in known)
        {
            if (Math.Abs(candidate.Length - name.Length) > limit) continue;
            var distance = Distance(name, candidate, limit);

            // Only nearer ones count from here on, and the lower limit lets Distance give up sooner.
            if (distance <= limit) (nearest, limit) = (candidate, distance - 1);
        }
        return nearest;
    }

    /// <summary>The name with the longest common ending of whole parts, two at least and most of the name; of several the shortest.</summary>
    private static string? EndingAlike(string name, IEnumerable<string> known)
    {
        var (best, longest) = ((string?)null, 0);
        foreach (var candidate in known)
        {
            var (common, parts) = (0, 0);
            for (var i = 1; i <= Math.Min(name.Length, candidate.Length) && name[^i] == candidate[^i]; i++)
            {
                if (!EndsBefore(name, i) || !EndsBefore(candidate, i)) continue;
                (common, parts) = (i, parts + 1);
            }
            if (parts < 2 || common * 2 < candidate.Length || common < longest || (common == longest && candidate.Length >= best!.Length)) continue;
            (best, longest) = (candidate, common);
        }
        return best;

        static bool EndsBefore(string text, int length) => length == text.Length || text[^(length + 1)] == '.';
    }

    /// <summary>The Levenshtein distance, or more than the limit as soon as it is certain to be.</summary>
    private static int Distance(string a, string b, int limit)
    {
        var row = new int[b.Length + 1];
        for (var j = 0; j <= b.Length; j++) row[j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            var (diagonal, least) = (row[0], row[0] = i);
            for (var j = 1; j <= b.Length; j++)
            {
                var substituted = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(substituted, Math.Min(row[j], row[j - 1]) + 1);
                least = Math.Min(least, row[j]);
            }
            if (least > limit) return limit + 1;
        }
        return row[b.Length];
    }
}
