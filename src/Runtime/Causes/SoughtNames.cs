using Lanyard.Books;
using Lanyard.Index;
using Lanyard.Names;

namespace Lanyard.Causes;

/// <summary>What unexpected names were meant to be, among those of tensors that did not come.</summary>
internal sealed class SoughtNames
{
    private readonly ModelIndex _index;
    private readonly LoadAccount _account;
    private readonly Dictionary<string, string> _came = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _nearest = new(StringComparer.Ordinal);
    private readonly Dictionary<string, NameClass> _meant = new(StringComparer.Ordinal);

    public SoughtNames(ModelIndex index, LoadAccount account, IEnumerable<LoadProblem> problems)
    {
        (_index, _account) = (index, account);
        foreach (var problem in problems.Where(problem => problem.Kind == LoadProblemKind.Unexpected)) _came.TryAdd(account.Names.Known(problem.Tensor) ?? problem.Tensor, problem.Tensor);
        if (_came.Count == 0) return;
        Sought = [.. index.Modules.SelectMany(module => module.Parameters).SelectMany(Lacking).Distinct()];
        if (Sought.Count == 0) return;
        var file = new NameVocabulary(account.Names.All.Select(name => account.Names.Known(name) ?? name).Concat(_came.Keys));

        // Of two conventions that explain as much, the one of which the names differ less.
        (Matches, Wanted) = account.Names.Open.Select(way => Match(way, file)).MaxBy(found => (found.Matches.Sum(match => match.Numbers.Count), -found.Matches.Sum(match => match.Difference.From.Length + match.Difference.To.Length)));
        foreach (var match in Matches)
        {
            _meant.TryAdd(match.Came.Shape, match.Wanted);
            foreach (var (came, wanted) in match.Pairs) _nearest[came] = wanted;
        }
        if (Matches.Count > 0) AddBoth(file);
    }

    /// <summary>The tensors that did not come, of parameters that are not whole.</summary>
    public IReadOnlyCollection<ModelTensor> Sought { get; } = [];

    /// <summary>What was found.</summary>
    public IReadOnlyList<NameMatch> Matches { get; } = [];

    /// <summary>Those tensors, by the names that they would have come under.</summary>
    public IReadOnlyDictionary<string, ModelTensor> Wanted { get; } = new Dictionary<string, ModelTensor>();

    /// <summary>A problem with what an unexpected tensor was meant to be.</summary>
    public LoadProblem Suggested(LoadProblem problem) =>
        problem.Kind == LoadProblemKind.Unexpected && _nearest.TryGetValue(_account.Names.Known(problem.Tensor) ?? problem.Tensor, out var wanted) ? problem with { Nearest = wanted } : problem;

    /// <summary>The name under which an unexpected tensor came.</summary>
    public string Original(string known) => _came.GetValueOrDefault(known, known);

    /// <summary>The name that an unexpected tensor would have if it were called as the others that differ alike were meant to be.</summary>
    public string Meant(string known) => _meant.TryGetValue(NameFolding.Shape(known), out var wanted) ? wanted.With(DottedName.Numbers(known)) : known;

    /// <summary>Whether an unexpected tensor has a shape that the model's tensor may have.</summary>
    public bool Fits(string came, ModelTensor tensor) =>
        _account.Unexpected.GetValueOrDefault(Original(came)) is { } arrival && (tensor.Uses.Exists(use => arrival.Fits(use, _index)) || tensor.Serves.Exists(use => use.TakesCompanion(tensor, arrival.Shape)));

    private (IReadOnlyList<NameMatch> Matches, Dictionary<string, ModelTensor> Wanted) Match(ulong way, NameVocabulary file)
    {
        var wanted = new Dictionary<string, ModelTensor>(StringComparer.Ordinal);
        foreach (var tensor in Sought) wanted.TryAdd(_index.Ways.Name(tensor, way), tensor);
        return (NameMatches.Of(_came.Keys, wanted.Keys, file, new NameVocabulary(_index.Names.Concat(wanted.Keys)), (came, name) => Fits(came, wanted[name])), wanted);
    }

    /// <summary>Adds what differs as many others do, and is misspelt besides.</summary>
    private void AddBoth(NameVocabulary file)
    {
        var differences = Matches.Select(match => match.Difference).DistinctBy(difference => (difference.Before, difference.From, difference.To)).ToList();
        var rewritten = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var came in _came.Keys.Where(came => !_nearest.ContainsKey(came)))
        {
            foreach (var name in differences.Select(difference => difference.Rewritten(came)).OfType<string>()) rewritten.TryAdd(name, came);
        }
        var found = _nearest.Values.ToHashSet(StringComparer.Ordinal);
        var left = Wanted.Keys.Where(name => !found.Contains(name)).ToList();
        foreach (var (came, wanted) in NameMatches.Of(rewritten.Keys, left, file, new NameVocabulary(_index.Names.Concat(Wanted.Keys)), (name, wanted) => Fits(rewritten[name], Wanted[wanted])).SelectMany(match => match.Pairs)) _nearest.TryAdd(rewritten[came], wanted);
    }

    /// <summary>The tensors of a parameter that could have come and did not: in the format that was begun, or in any.</summary>
    private IEnumerable<ModelTensor> Lacking(ModelParameter parameter) =>
        (_account.Begun(parameter) is { } begun ? [begun] : parameter.Formats).SelectMany(format => format.Uses).SelectMany(use => use.Companions.Prepend(use.Tensor)).Where(tensor => !_account.Came(tensor));
}
