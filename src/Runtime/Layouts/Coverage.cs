using System.Collections.Immutable;

namespace Lanyard.Layouts;

/// <summary>Which alternative of which source gives which alternative of a parameter. Sizes play no part.</summary>
internal sealed class Coverage
{
    private readonly Pattern _parameter;
    private readonly IReadOnlyList<ParsedSource> _sources;
    private readonly ImmutableArray<Placement> _wanted;

    private readonly IReadOnlyList<ImmutableArray<Placement>> _given;

    public Coverage(
        Pattern parameter,
        IReadOnlyList<ParsedSource> sources,
        ImmutableArray<Placement> wanted,
        IReadOnlyList<ImmutableArray<Placement>> given)
    {
        (_parameter, _sources, _wanted, _given) = (parameter, sources, wanted, given);
        var matches = ImmutableArray.CreateBuilder<Match>();
        for (var source = 0; source < given.Count; source++)
        {
            var part = sources[source].Part;
            var byIdentity = ByIdentity(part);
            for (var i = 0; i < given[source].Length; i++)
            {
                if (byIdentity.TryGetValue(given[source][i].Identity(part), out var index))
                    matches.Add(new Match(source, given[source][i], index));
            }
        }
        Matches = matches.ToImmutable();
    }

    /// <summary>Source by source.</summary>
    public ImmutableArray<Match> Matches { get; }

    /// <summary>Sources that give nothing, then what two sources give, then what none gives.</summary>
    /// <param name="isHeld">Whether a rank holds an element of the parameter's alternative.</param>
    public IEnumerable<LayoutError> Errors(Func<Placement, bool> isHeld)
    {
        var givers = new int?[_wanted.Length];
        var useful = new bool[_sources.Count];
        // Kept until all sources were seen: errors come in the order of their kinds, and whoever resolves reports the first alone.
        var overlaps = new List<LayoutError>();
        foreach (var match in Matches)
        {
            // Whatever this rank holds: a source of experts is no mistake on a rank that has none of them.
            useful[match.Source] = true;
            if (givers[match.Parameter] is not { } first)
                givers[match.Parameter] = match.Source;
            else if (isHeld(_wanted[match.Parameter]))
                overlaps.Add(Overlap(match, first));
        }
        for (var i = 0; i < useful.Length; i++)
        {
            if (!useful[i])
                yield return NoElement(i);
        }
        foreach (var overlap in overlaps)
            yield return overlap;
        for (var i = 0; i < givers.Length; i++)
        {
            if (givers[i] is null && isHeld(_wanted[i]))
                yield return Gap(_wanted[i]);
        }
    }

    // The parameter's alternatives, read as lying in the part in which a source lies.
    private Dictionary<string, int> ByIdentity(string? part)
    {
        var byIdentity = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < _wanted.Length; i++)
            // None is there twice: Structure has refused parts that are alike, also where it is the part of a source that makes them so.
            byIdentity.Add(_wanted[i].Identity(part), i);
        return byIdentity;
    }

    private LayoutError NoElement(int source)
    {
        var part = _sources[source].Part;
        var text = _sources[source].Pattern.Text;
        return new(
            LayoutErrorKind.NoElement,
            $"Expected an element of \"{_parameter.Text}\" ({List(_wanted, null)}); {Quote(source)} gives {List(_given[source], part)}.",
            0,
            text.Length,
            source);
    }

    private LayoutError Overlap(Match match, int first) => new(
        LayoutErrorKind.Overlap,
        $"Expected one source for {_wanted[match.Parameter].Describe(null)}; {Quote(first)} gives it, and {Quote(match.Source)} gives it again.",
        match.Given.Body.Part?.Start ?? 0,
        match.Given.Body.Part?.Length ?? _sources[match.Source].Pattern.Text.Length,
        match.Source);

    private LayoutError Gap(Placement wanted) => new(
        LayoutErrorKind.Gap,
        $"Expected a source for {wanted.Describe(null)} of \"{_parameter.Text}\"; found none.",
        wanted.Body.Part?.Start ?? 0,
        wanted.Body.Part?.Length ?? _parameter.Text.Length);

    private string Quote(int source) => $"\"{_sources[source].Name.Text}\" as \"{_sources[source].Pattern.Text}\"";

    private static string List(ImmutableArray<Placement> placements, string? part)
    {
        const int Shown = 4;
        var texts = placements.Take(Shown).Select(placement => placement.Describe(part));
        return string.Join(", ", texts) + (placements.Length > Shown ? ", ..." : "");
    }

    /// <summary>A source gives an alternative of the parameter.</summary>
    /// <param name="Source">The index of the source.</param>
    /// <param name="Given">Which of its alternatives.</param>
    /// <param name="Parameter">The index of the parameter's alternative.</param>
    internal readonly record struct Match(int Source, Placement Given, int Parameter);
}
