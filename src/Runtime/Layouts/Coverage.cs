using System.Collections.Immutable;

namespace Lanyard.Layouts;

/// <summary>Which alternative of which source, or which constant, gives which alternative of a parameter. Sizes play no part.</summary>
internal sealed class Coverage
{
    private readonly Pattern _parameter;
    private readonly IReadOnlyList<ParsedSource> _sources;
    private readonly ImmutableArray<Placement> _wanted;

    private readonly IReadOnlyList<ImmutableArray<Placement>> _given;
    private readonly IReadOnlyList<LayoutConstant> _constants;

    public Coverage(
        Pattern parameter,
        IReadOnlyList<ParsedSource> sources,
        IReadOnlyList<LayoutConstant> constants,
        ImmutableArray<Placement> wanted,
        IReadOnlyList<ImmutableArray<Placement>> given)
    {
        (_parameter, _sources, _constants, _wanted, _given) = (parameter, sources, constants, wanted, given);
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
        for (var constant = 0; constant < constants.Count; constant++)
        {
            for (var i = 0; i < wanted.Length; i++)
            {
                if (constants[constant].Fills(wanted[i]))
                    matches.Add(new Match(sources.Count + constant, wanted[i], i));
            }
        }
        Matches = matches.ToImmutable();
    }

    /// <summary>Source by source, and then constant by constant.</summary>
    public ImmutableArray<Match> Matches { get; }

    /// <summary>Sources and constants that give nothing, then what two sources give, then what none gives.</summary>
    /// <param name="isHeld">Whether a rank holds an element of the parameter's alternative.</param>
    public IEnumerable<LayoutError> Errors(Func<Placement, bool> isHeld)
    {
        var givers = new int?[_wanted.Length];
        var useful = new bool[_sources.Count + _constants.Count];
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
                yield return i < _sources.Count ? NoElement(i) : NoPart(i);
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

    private LayoutError NoPart(int source) => new(
        LayoutErrorKind.NoElement,
        $"Expected a part of \"{_parameter.Text}\" ({List(_wanted, null)}); no part has all of \"{_constants[source - _sources.Count].Part}\".",
        0,
        _constants[source - _sources.Count].Part.Length,
        source);

    private LayoutError Overlap(Match match, int first)
    {
        // Of a constant its whole text is meant, whichever part of the parameter it fills.
        var constant = match.Source < _sources.Count ? null : _constants[match.Source - _sources.Count];
        return new(
            LayoutErrorKind.Overlap,
            $"Expected one source for {_wanted[match.Parameter].Describe(null)}; {Quote(first)} gives it, and {Quote(match.Source)} gives it again.",
            constant is null ? match.Given.Body.Part?.Start ?? 0 : 0,
            constant?.Part.Length ?? match.Given.Body.Part?.Length ?? _sources[match.Source].Pattern.Text.Length,
            match.Source);
    }

    private LayoutError Gap(Placement wanted) => new(
        LayoutErrorKind.Gap,
        $"Expected a source for {wanted.Describe(null)} of \"{_parameter.Text}\"; found none.",
        wanted.Body.Part?.Start ?? 0,
        wanted.Body.Part?.Length ?? _parameter.Text.Length);

    private string Quote(int source) => source < _sources.Count
        ? $"\"{_sources[source].Name.Text}\" as \"{_sources[source].Pattern.Text}\""
        : $"the constant \"{_constants[source - _sources.Count].Part}\"";

    private static string List(ImmutableArray<Placement> placements, string? part)
    {
        const int Shown = 4;
        var texts = placements.Take(Shown).Select(placement => placement.Describe(part));
        return string.Join(", ", texts) + (placements.Length > Shown ? ", ..." : "");
    }

    /// <summary>A source or a constant gives an alternative of the parameter.</summary>
    /// <param name="Source">The index of the source; those of constants come after them.</param>
    /// <param name="Given">Which of its alternatives; of a constant that of the parameter.</param>
    /// <param name="Parameter">The index of the parameter's alternative.</param>
    internal readonly record struct Match(int Source, Placement Given, int Parameter);
}
