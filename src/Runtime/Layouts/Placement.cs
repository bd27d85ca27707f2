using System.Collections.Immutable;

namespace Lanyard.Layouts;

/// <summary>
/// An alternative of a name together with one of its pattern: which elements they are, and where they lie. The name's
/// positions count tensors, the pattern's count positions in one of them.
/// </summary>
internal sealed class Placement(Alternative name, Alternative body)
{
    public Alternative Name { get; } = name;

    public Alternative Body { get; } = body;

    /// <summary>The axes of both, those of the name first.</summary>
    public IEnumerable<Loop> Loops => Name.Loops.Concat(Body.Loops);

    public static ImmutableArray<Placement> Of(ImmutableArray<Alternative> names, ImmutableArray<Alternative> bodies)
    {
        var all = ImmutableArray.CreateBuilder<Placement>(names.Length * bodies.Length);
        foreach (var name in names)
        {
            foreach (var body in bodies)
                all.Add(new Placement(name, body));
        }
        return all.MoveToImmutable();
    }

    public static ImmutableArray<Placement> Of(Pattern pattern, Func<ItemNode, long> extentOf) =>
        Of([Alternative.Empty], Alternative.Of(pattern.Items, extentOf));

    public static ImmutableArray<Placement> Of(ParsedSource source, Func<ItemNode, long> extentOf) =>
        Of(source.Joined is null ? Over(source, Alternative.Of(source.Name.Items, extentOf)) : [Alternative.Empty], Alternative.Of(source.Pattern.Items, extentOf));

    /// <summary>Those of a source without sizes: the strides mean nothing.</summary>
    public static ImmutableArray<Placement> Of(ParsedSource source) => Of(source.Joined is null ? Over(source, source.Name.Alternatives) : [Alternative.Empty], source.Pattern.Alternatives);

    /// <summary>The identity of its elements, read as lying in a part: the set of axes and the set of tags, as one text.</summary>
    public string Identity(string? part)
    {
        // Neither a tab nor a line end is in a canonical text, so that no two sets of axes make one text.
        var keys = Loops.Select(static loop => loop.Key).OrderBy(static key => key, StringComparer.Ordinal);
        var tags = Tags(part).OrderBy(static tag => tag, StringComparer.Ordinal).Select(static tag => "\n" + tag);
        return string.Join("\t", keys) + string.Concat(tags);
    }

    /// <summary>The axes and tags, for messages.</summary>
    public string Describe(string? part)
    {
        var axes = string.Join(" ", Loops.Select(static loop => loop.Key));
        var tags = string.Join(" and ", Tags(part));
        return (axes.Length == 0 ? "a single element" : $"\"{axes}\"") + (tags.Length == 0 ? "" : $" in part {tags}");
    }

    // An axis over which it is repeated is one of the name along which the tensor is the same.
    private static ImmutableArray<Alternative> Over(ParsedSource source, ImmutableArray<Alternative> names) =>
        source.Repeat is null ? names : [.. names.Select(name => name.Over(source.Repeated))];

    private IEnumerable<string> Tags(string? part)
    {
        var tags = Name.Tags.Concat(Body.Tags);
        // A source may tag what its part says already.
        return (part is null ? tags : tags.Concat([part])).Distinct();
    }
}
