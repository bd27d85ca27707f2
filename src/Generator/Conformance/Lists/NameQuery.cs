using System.Collections.Immutable;

namespace Lanyard.Generator.Conformance.Lists;

/// <summary>
/// Names that are looked for: texts with holes between them. Numbers in a text are those numbers; a hole is any number, written without zeros
/// before it. Nothing has a hole directly beside a digit or another hole.
/// </summary>
public sealed class NameQuery
{
    /// <summary>A query.</summary>
    /// <param name="texts">What stands before, between and after the holes: one more than holes.</param>
    public NameQuery(ImmutableArray<string> texts)
    {
        Texts = texts;
        Key = NameKey.Of(texts, [.. Enumerable.Repeat<NumberSet?>(null, texts.Length - 1)]);
    }

    /// <summary>A query.</summary>
    /// <param name="texts">What stands before, between and after the holes: one more than holes.</param>
    public NameQuery(params string[] texts)
        : this(texts.ToImmutableArray())
    {
    }

    /// <summary>What stands before, between and after the holes.</summary>
    public ImmutableArray<string> Texts { get; }

    /// <summary>How many holes there are.</summary>
    public int Holes => Texts.Length - 1;

    internal NameKey Key { get; }

    /// <summary>The texts with <c>{}</c> for each hole.</summary>
    public override string ToString() => string.Join("{}", Texts);
}
