using Lanyard.Names;

namespace Lanyard.Generator.Analyzers.Layouts;

/// <summary>Finds the axis that a wrong name was most likely meant to be.</summary>
internal static class NearestAxis
{
    /// <summary>The only axis that is the name misspelt, or with its words apart; null where there is none, or where there are several.</summary>
    public static string? Of(string name, IEnumerable<string> axes) => axes.Where(axis => IsNear(name, axis)).Take(2).ToList() is [var only] ? only : null;

    private static bool IsNear(string name, string axis)
    {
        if (string.Equals(name.Replace("_", ""), axis.Replace("_", ""), StringComparison.OrdinalIgnoreCase))
            return true;
        string[] words = name.ToLowerInvariant().Split('_'), known = axis.Split('_');

        // "q_heads" is not "k_heads".
        return words.Length == known.Length
            && words.Zip(known, static (a, b) => (a, b)).Where(static pair => pair.a != pair.b).ToList() is [var (word, meant)]
            && word.Length > 0 && meant.Length > 0
            && MisspeltWord.Compare(word, meant) == WordLikeness.Misspelt;
    }
}
