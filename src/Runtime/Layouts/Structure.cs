using System.Collections.Immutable;

namespace Lanyard.Layouts;

/// <summary>What must hold in each text by itself, before any two are compared.</summary>
internal static class Structure
{
    /// <summary>Every axis that comes twice, then every axis that is unknown.</summary>
    public static IEnumerable<LayoutError> Errors(Pattern parameter, IReadOnlyList<ParsedSource> sources, ICollection<string> axes)
    {
        var parameters = Placement.Of([Alternative.Empty], parameter.Alternatives);
        foreach (var error in Twice(parameter.Items, parameters, null, LayoutError.Parameter, repeated: 0))
            yield return error;
        for (var i = 0; i < sources.Count; i++)
        {
            var source = sources[i];
            var placements = Placement.Of(source);
            if (JoinedFault(source, i) is { } fault)
                yield return fault;
            foreach (var error in Twice([.. source.Name.Items, .. source.Repeated, .. source.Pattern.Items], placements, source.Part, i, source.Repeated.Length))
                yield return error;
            // Read as lying in the source's part, two parts of the parameter can become one.
            if (source.Part is not null && SameParts(parameters, source.Part) is { } same && SameParts(parameters, null) is null)
                yield return Same(same, source.Part, LayoutError.Parameter);
        }

        foreach (var error in Unknown(parameter.Items, axes, LayoutError.Parameter, inName: false))
            yield return error;
        for (var i = 0; i < sources.Count; i++)
        {
            foreach (var error in Unknown(sources[i].Name.Items, axes, i, inName: true))
                yield return error;
            foreach (var error in Unknown(sources[i].Repeated, axes, i, inName: false, inRepeat: true))
                yield return error;
            foreach (var error in Unknown(sources[i].Pattern.Items, axes, i, inName: false))
                yield return error;
        }
    }

    private static LayoutError? JoinedFault(ParsedSource source, int index)
    {
        if (source.Joined is not { } joined)
            return null;
        if (source.Repeat is { } repeat)
            return new(LayoutErrorKind.NoElement, $"Expected shards that are joined or elements that are repeated; \"{source.Name.Text}\" has both.", 0, repeat.Text.Length, index, InRepeat: true);
        if (source.Name.Holes is not [{ Axis: { } shards }])
            return new(LayoutErrorKind.NoElement, $"Expected one hole in \"{source.Name.Text}\", an axis that counts the shards that are joined along \"{joined}\".", 0, source.Name.Text.Length, index, InName: true);
        if (source.Pattern.Items is not [AxisNode first, ..] || first.Name != joined)
            return new(LayoutErrorKind.NoElement, $"Expected \"{joined}\", along which shards are joined, as the first axis; found \"{source.Pattern.Text}\".", 0, source.Pattern.Text.Length, index);
        return Nodes.AxesOf(source.Pattern.Items).Any(axis => axis.Name == shards.Name)
            ? new(LayoutErrorKind.NoElement, $"Expected \"{shards.Name}\", which counts shards, in the name alone; found \"{source.Pattern.Text}\".", 0, source.Pattern.Text.Length, index)
            : null;
    }

    private static IEnumerable<LayoutError> Twice(
        ImmutableArray<ItemNode> items, ImmutableArray<Placement> placements, string? part, int source, int repeated)
    {
        // By place: an axis that comes twice in many alternatives is one error.
        var found = new HashSet<ItemNode>();
        foreach (var placement in placements)
        {
            var keys = new HashSet<string>(StringComparer.Ordinal);
            // Those of the name come first among the loops, then those over which it is repeated.
            var left = placement.Name.Loops.Length;
            foreach (var loop in placement.Loops)
            {
                if (!keys.Add(loop.Key) && found.Add(loop.Axis))
                    yield return AxisTwice(loop.Axis, source, inName: left > repeated, inRepeat: left > 0 && left <= repeated);
                left--;
            }
        }
        // Blocks are an axis of their own, so that what they are made of is not among the loops above.
        foreach (var blocks in Nodes.BlocksOf(items))
        {
            var inside = Placement.Of([Alternative.Empty], Alternative.Of([blocks.Composition], static _ => 1));
            foreach (var error in Twice([], inside, null, source, repeated: 0))
                yield return error;
        }
        if (found.Count == 0 && SameParts(placements, part) is { } same)
            yield return Same(same, part, source);
    }

    private static Placement? SameParts(ImmutableArray<Placement> placements, string? part)
    {
        var identities = new HashSet<string>(StringComparer.Ordinal);
        return placements.FirstOrDefault(placement => !identities.Add(placement.Identity(part)));
    }

    private static LayoutError AxisTwice(ItemNode axis, int source, bool inName, bool inRepeat) => new(
        LayoutErrorKind.AxisTwice,
        FormattableString.Invariant($"Expected each axis once in an element; \"{axis}\" at position {axis.Start} comes a second time."),
        axis.Start,
        axis.Length,
        source,
        inName,
        inRepeat);

    private static LayoutError Same(Placement second, string? part, int source)
    {
        var inName = second.Body.Part is null;
        var chosen = second.Body.Part ?? second.Name.Part!;
        return new(
            LayoutErrorKind.AxisTwice,
            FormattableString.Invariant(
                $"Expected parts that axes or tags tell apart; the part at position {chosen.Start} is a second one with {second.Describe(part)}. Tag them."),
            chosen.Start,
            chosen.Length,
            source,
            inName);
    }

    private static IEnumerable<LayoutError> Unknown(ImmutableArray<ItemNode> items, ICollection<string> axes, int source, bool inName, bool inRepeat = false) =>
        from axis in Nodes.AxesOf(items)
        where !axes.Contains(axis.Name)
        select new LayoutError(
            LayoutErrorKind.UnknownAxis,
            FormattableString.Invariant(
                $"Expected an axis with a size ({string.Join(", ", axes)}); found \"{axis.Name}\" at position {axis.Start}."),
            axis.Start,
            axis.Length,
            source,
            inName,
            inRepeat);
}
