using System.Collections.Immutable;

namespace Lanyard.Names;

/// <summary>Whether two parts of names, between dots, are one in two spellings.</summary>
/// <param name="Relation">How sure that is.</param>
/// <param name="Cost">How much they differ.</param>
internal readonly record struct PartLikeness(NameRelation Relation, int Cost)
{
    // Parts have three words or so, and names may come from anybody.
    private const int MostWords = 8;
    private const int MostLetters = 100;
    private const int MostCost = 8;

    /// <summary>Compares two parts; null where they are different things.</summary>
    /// <param name="came">A part of a name that came.</param>
    /// <param name="known">A part of a name that is wanted.</param>
    /// <param name="file">All that came.</param>
    /// <param name="model">All that the model knows.</param>
    public static PartLikeness? Of(string came, string known, NameVocabulary file, NameVocabulary model)
    {
        if (came == known) return new(NameRelation.Spelled, 0);

        // "fc1" is not "fc2".
        if (came.Length > MostLetters || known.Length > MostLetters || !came.Where(char.IsDigit).SequenceEqual(known.Where(char.IsDigit))) return null;
        var (a, b) = (NameWords.Of(came), NameWords.Of(known));
        if (a.IsEmpty || b.IsEmpty || a.Length > MostWords || b.Length > MostWords) return null;
        return string.Concat(a) == string.Concat(b) ? new(NameRelation.Spelled, 1) : Aligned(a, b, file, model) is { Cost: <= MostCost } aligned && (aligned.IsTold || aligned.Relation == NameRelation.Spelled) ? new(aligned.Relation, aligned.Cost) : null;
    }

    /// <summary>The words in order, each with one of the other part, or a filler by itself.</summary>
    private static Alignment? Aligned(ImmutableArray<string> a, ImmutableArray<string> b, NameVocabulary file, NameVocabulary model)
    {
        var best = new Alignment?[a.Length + 1, b.Length + 1];
        best[0, 0] = new Alignment(NameRelation.Spelled, 0, IsTold: false);
        for (var i = 0; i <= a.Length; i++)
        {
            for (var j = 0; j <= b.Length; j++)
            {
                if (i > 0 && NameWords.IsFiller(a[i - 1])) best[i, j] = Better(best[i, j], best[i - 1, j]?.With(NameRelation.Related, 2, isTold: false));
                if (j > 0 && NameWords.IsFiller(b[j - 1])) best[i, j] = Better(best[i, j], best[i, j - 1]?.With(NameRelation.Related, 2, isTold: false));
                if (i == 0 || j == 0 || Compare(a[i - 1], b[j - 1], file, model) is not { } pair) continue;
                best[i, j] = Better(best[i, j], best[i - 1, j - 1]?.With(pair.Relation, pair.Cost, !NameWords.IsFiller(a[i - 1]) && !NameWords.IsFiller(b[j - 1])));
            }
        }
        return best[a.Length, b.Length];
    }

    /// <summary>A word that both sides use is no misspelling of another.</summary>
    private static PartLikeness? Compare(string came, string known, NameVocabulary file, NameVocabulary model)
    {
        if (came == known) return new(NameRelation.Spelled, 0);
        var (isOurs, isTheirs) = (model.HasWord(came), file.HasWord(known));
        if (isOurs && isTheirs) return null;
        return MisspeltWord.Compare(came, known) switch
        {
            WordLikeness.Misspelt => new(NameRelation.Spelled, 2),
            WordLikeness.Related when Math.Min(came.Length, known.Length) > 2 || (!isOurs && !isTheirs) => new(NameRelation.Related, 3),
            _ => null,
        };
    }

    private static Alignment? Better(Alignment? one, Alignment? other) => one is null || (other is not null && (other.Value.Cost, !other.Value.IsTold).CompareTo((one.Value.Cost, !one.Value.IsTold)) < 0) ? other : one;

    /// <param name="Relation">How sure it is.</param>
    /// <param name="Cost">How much differs.</param>
    /// <param name="IsTold">Whether any word says what it is.</param>
    private readonly record struct Alignment(NameRelation Relation, int Cost, bool IsTold)
    {
        public Alignment With(NameRelation relation, int cost, bool isTold) => new((NameRelation)Math.Max((int)Relation, (int)relation), Cost + cost, IsTold || isTold);
    }
}
