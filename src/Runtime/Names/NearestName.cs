namespace Lanyard.Names;

/// <summary>Finds the known name that a wrong one was most likely meant to be.</summary>
internal static class NearestName
{
    /// <summary>The name at the smallest edit distance, or null where none is near.</summary>
    public static string? Of(string name, IEnumerable<string> known)
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
