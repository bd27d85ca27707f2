namespace Lanyard.Names;

/// <summary>What differs between the shape of a name that came and that of one that is wanted.</summary>
/// <param name="Before">What both have before it.</param>
/// <param name="From">What came; empty where the wanted name has something more.</param>
/// <param name="To">What is wanted; empty where something more came.</param>
/// <param name="After">What both have after it.</param>
/// <param name="Relation">How the names may be one.</param>
/// <param name="Cost">How much differs.</param>
internal sealed record NameDifference(string Before, string From, string To, string After, NameRelation Relation, int Cost)
{
    private const string Weight = "weight";

    /// <summary>What came, with what stands before it.</summary>
    public string Came => Joined(Before, From);

    /// <summary>What is wanted, with what stands before it.</summary>
    public string Wanted => Joined(Before, To);

    /// <summary>Compares two shapes; null where they are different things, or the same.</summary>
    /// <param name="came">The parts of the shape that came.</param>
    /// <param name="wanted">Those of the wanted one.</param>
    /// <param name="file">All that came.</param>
    /// <param name="model">All that the model knows.</param>
    public static NameDifference? Of(string[] came, string[] wanted, NameVocabulary file, NameVocabulary model)
    {
        var (before, after, least) = (0, 0, Math.Min(came.Length, wanted.Length));
        while (before < least && came[before] == wanted[before]) before++;
        while (after < least - before && came[^(after + 1)] == wanted[^(after + 1)]) after++;
        var (from, to) = (Between(came, before, after), Between(wanted, before, after));
        if (from.Length + to.Length == 0 || from.Count(part => part == "#") != to.Count(part => part == "#")) return null;
        if (Likeness(from, to, came.AsSpan(came.Length - after).ToArray(), file, model) is not { } likeness) return null;
        var difference = new NameDifference(string.Join(".", came.Take(before)), string.Join(".", from), string.Join(".", to), string.Join(".", came.Skip(came.Length - after)), likeness.Relation, likeness.Cost);

        // Both sides have both: they are two things.
        return from.Length > 0 && to.Length > 0 && model.HasPath(difference.Came) && file.HasPath(difference.Wanted) ? null : difference;
    }

    /// <summary>A name that differs so as it is wanted; null where it does not begin so.</summary>
    public string? Rewritten(string came)
    {
        var (parts, head) = (came.Split('.'), Came.Length == 0 ? 0 : Came.Split('.').Length);
        if (parts.Length <= head || NameFolding.Shape(string.Join(".", parts.Take(head))) != Came) return null;
        var numbers = new Queue<string>(parts.Take(head).Where(part => DottedName.Number(part.AsSpan()) is not null));
        return string.Join(".", (Wanted.Length == 0 ? [] : Wanted.Split('.')).Select(part => part == "#" ? numbers.Dequeue() : part).Concat(parts.Skip(head)));
    }

    /// <summary>Two paths, of which either may be empty, as one.</summary>
    public static string Joined(string before, string after) => before.Length == 0 ? after : after.Length == 0 ? before : $"{before}.{after}";

    private static string[] Between(string[] parts, int before, int after) => parts.AsSpan(before, parts.Length - before - after).ToArray();

    private static PartLikeness? Likeness(string[] from, string[] to, string[] after, NameVocabulary file, NameVocabulary model)
    {
        if (from.Length == to.Length && Alike(from, to, file, model) is { } alike) return alike;
        if (after.Length == 0) return (from, to) is ([], [Weight]) or ([Weight], []) ? new(NameRelation.Related, 3) : null;

        // A tail that every layer has says nothing.
        return after.All(part => part is "#" or Weight or "bias") ? null : new(NameRelation.Moved, 4 * (from.Length + to.Length));
    }

    private static PartLikeness? Alike(string[] from, string[] to, NameVocabulary file, NameVocabulary model)
    {
        var all = new PartLikeness(NameRelation.Spelled, 0);
        for (var i = 0; i < from.Length; i++)
        {
            if (from[i] == "#" != (to[i] == "#") || PartLikeness.Of(from[i], to[i], file, model) is not { } part) return null;
            all = new((NameRelation)Math.Max((int)all.Relation, (int)part.Relation), all.Cost + part.Cost);
        }
        return all;
    }
}
