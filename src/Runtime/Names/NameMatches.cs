using System.Collections.Immutable;

namespace Lanyard.Names;

/// <summary>
/// Finds what names that came were meant to be, among those that are wanted. Numbers are never changed, and neither is a word that both sides
/// use: it is another layer, or another weight. Of several that are as near as each other none is taken.
/// </summary>
internal sealed class NameMatches
{
    // Names may come from anybody, and each class is compared with each.
    private const int MostClasses = 500;

    // So many names with one difference, all else the same, are no chance; two are none where both fit.
    private const int Several = 3;

    private readonly List<NameClass> _came;
    private readonly List<NameClass> _wanted;
    private readonly HashSet<(NameClass Class, string Numbers)> _taken = [];
    private readonly List<NameMatch> _found = [];

    private NameMatches(IEnumerable<string> came, IEnumerable<string> wanted) =>
        (_came, _wanted) = (NameClass.Of(came, MostClasses), NameClass.Of(wanted, MostClasses));

    /// <param name="came">Names that nobody knows.</param>
    /// <param name="wanted">Names that nobody brought.</param>
    /// <param name="file">All that came.</param>
    /// <param name="model">All that the model knows.</param>
    /// <param name="fits">Whether what came under a name would fit where another is wanted.</param>
    public static IReadOnlyList<NameMatch> Of(IEnumerable<string> came, IEnumerable<string> wanted, NameVocabulary file, NameVocabulary model, Func<string, string, bool> fits)
    {
        var matches = new NameMatches(came, wanted);
        var candidates = matches.Candidates(file, model, fits);
        matches.TakeUnique(candidates.FindAll(match => match.Difference.Relation == NameRelation.Spelled));
        matches.TakeMoved(candidates.FindAll(match => match.Difference.Relation != NameRelation.Spelled));
        matches.TakeUnique(candidates.FindAll(match => IsTold(match.Difference)).ConvertAll(match => match with { Numbers = match.Fitting }));
        return matches._found;
    }

    /// <summary>The known name that a wrong one was most likely meant to be, or null.</summary>
    /// <param name="name">A name that somebody asks for.</param>
    /// <param name="known">All that there are.</param>
    public static string? Nearest(string name, IReadOnlyCollection<string> known) =>
        Of([name], known, new NameVocabulary([name]), new NameVocabulary(known), static (_, _) => true) is [var match] ? match.Pairs.First().Wanted : null;

    /// <summary>By itself a name that stands elsewhere says too little, unless it is all there but for a level.</summary>
    private static bool IsTold(NameDifference difference) => difference.Relation != NameRelation.Moved || difference.From.Length == 0 || difference.To.Length == 0;

    private List<NameMatch> Candidates(NameVocabulary file, NameVocabulary model, Func<string, string, bool> fits)
    {
        var candidates = new List<NameMatch>();
        foreach (var came in _came)
        {
            foreach (var wanted in _wanted)
            {
                if (NameDifference.Of(came.Parts, wanted.Parts, file, model) is not { } difference) continue;
                var both = came.Members.Keys.Where(wanted.Members.ContainsKey).ToImmutableHashSet();
                if (!both.IsEmpty) candidates.Add(new NameMatch(came, wanted, difference, both, both.Where(numbers => fits(came.Members[numbers], wanted.Members[numbers])).ToImmutableHashSet()));
            }
        }
        return candidates;
    }

    /// <summary>What of some matches is still open.</summary>
    private List<NameMatch> Open(List<NameMatch> matches) => [.. matches.Select(match => match with
    {
        Numbers = match.Numbers.Where(numbers => !_taken.Contains((match.Came, numbers)) && !_taken.Contains((match.Wanted, numbers))).ToImmutableHashSet(),
    }).Where(match => !match.Numbers.IsEmpty)];

    private void Take(NameMatch match)
    {
        _taken.UnionWith(match.Names);
        _found.Add(match);
    }

    /// <summary>Takes those that are nearer than all others, seen from both sides.</summary>
    private void TakeUnique(List<NameMatch> candidates)
    {
        var open = Open(candidates);
        var (came, wanted) = (open.ToLookup(match => match.Came), open.ToLookup(match => match.Wanted));
        foreach (var match in open.FindAll(match => came[match.Came].Concat(wanted[match.Wanted]).All(other => IsFurther(other.Difference, match.Difference) || !other.Contradicts(match)))) Take(match);

        // How far things are apart that are not spelled alike nobody can tell.
        static bool IsFurther(NameDifference other, NameDifference than) => other.Relation > than.Relation || (other.Relation == NameRelation.Spelled && than.Relation == NameRelation.Spelled && other.Cost > than.Cost);
    }

    /// <summary>Takes whole groups that differ alike, the largest first.</summary>
    private void TakeMoved(List<NameMatch> candidates)
    {
        var groups = candidates.GroupBy(match => (match.Difference.Before, match.Difference.From, match.Difference.To), (_, group) => group.ToList()).ToList();
        while (true)
        {
            groups = groups.ConvertAll(Open).FindAll(AreNoChance);
            if (groups.Count == 0) return;
            var most = groups.Max(group => group.Count);
            var largest = groups.FindAll(group => group.Count == most);
            HashSet<(NameClass, string)> claims = [.. largest.SelectMany(group => group).SelectMany(match => match.Names).GroupBy(name => name).Where(name => name.Skip(1).Any()).Select(name => name.Key)];

            // What two claim is neither's.
            HashSet<List<NameMatch>> rivals = [.. largest.Where(group => group.Exists(match => match.Names.Any(claims.Contains)))];
            foreach (var match in largest.Where(group => !rivals.Contains(group)).SelectMany(group => group)) Take(match);
            groups.RemoveAll(rivals.Contains);
        }
    }

    private bool AreNoChance(List<NameMatch> group) => group.Count > 1 && group.TrueForAll(match => match.Fitting.Count == match.Numbers.Count)
        || group.Count >= Several && (group.Sum(match => match.Fitting.Count) * 2 >= group.Sum(match => match.Numbers.Count) || group.Count * 2 >= _came.Count || group.Count * 2 >= _wanted.Count);
}
