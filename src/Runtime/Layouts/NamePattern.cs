using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace Lanyard.Layouts;

/// <summary>A parsed checkpoint name: text with holes, each a dimension that is spelled in the name.</summary>
public sealed class NamePattern : IEquatable<NamePattern>
{
    private ImmutableArray<Alternative> _alternatives;

    private NamePattern(string text, ImmutableArray<NameSegment> segments)
    {
        Text = text;
        Segments = segments;
        Holes = [.. segments.OfType<HoleSegment>()];
        Items = [.. Holes.Select(static hole => hole.Composition)];
    }

    /// <summary>The text as it was written.</summary>
    public string Text { get; }

    /// <summary>Text and holes, in order.</summary>
    public ImmutableArray<NameSegment> Segments { get; }

    /// <summary>The holes alone, slowest first.</summary>
    public ImmutableArray<HoleSegment> Holes { get; }

    /// <summary>What the holes count, as dimensions.</summary>
    internal ImmutableArray<ItemNode> Items { get; }

    /// <summary>The alternatives of the holes without sizes: the strides mean nothing.</summary>
    internal ImmutableArray<Alternative> Alternatives
    {
        get
        {
            if (_alternatives.IsDefault)
                ImmutableInterlocked.InterlockedInitialize(ref _alternatives, Alternative.Of(Items, static _ => 1));
            return _alternatives;
        }
    }

    /// <summary>Reads a name.</summary>
    /// <param name="text">The text.</param>
    /// <exception cref="LayoutException">The text does not parse.</exception>
    public static NamePattern Parse(string text) =>
        TryParse(text, out var name, out var error) ? name : throw new LayoutException(error);

    /// <summary>Reads a name, or says why it cannot.</summary>
    /// <param name="text">The text.</param>
    /// <param name="name">The name.</param>
    /// <param name="error">What is wrong with the text.</param>
    public static bool TryParse(
        string text,
        [NotNullWhen(true)] out NamePattern? name,
        [NotNullWhen(false)] out LayoutError? error)
    {
        var reader = new PatternReader(text);
        name = reader.ReadName(out var segments) ? new NamePattern(text, segments) : null;
        error = reader.Error;
        return name is not null;
    }

    /// <summary>Two names are equal when their texts are.</summary>
    public bool Equals(NamePattern? other) => other is not null && Text == other.Text;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as NamePattern);

    /// <inheritdoc/>
    public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(Text);

    /// <summary>The canonical text.</summary>
    public override string ToString() => string.Concat(Segments);
}
