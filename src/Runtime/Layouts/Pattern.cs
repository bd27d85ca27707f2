using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Lanyard.Layouts;

/// <summary>A parsed pattern: where the elements of an array lie, one item for each dimension, slowest first.</summary>
public sealed class Pattern : IEquatable<Pattern>
{
    private ImmutableArray<Alternative> _alternatives;

    private Pattern(string text, ImmutableArray<ItemNode> items)
    {
        Text = text;
        Items = items;
    }

    /// <summary>The text as it was written.</summary>
    public string Text { get; }

    /// <summary>One item for each dimension; none for a scalar.</summary>
    public ImmutableArray<ItemNode> Items { get; }

    /// <summary>Its alternatives without sizes: the strides mean nothing.</summary>
    internal ImmutableArray<Alternative> Alternatives
    {
        get
        {
            // Patterns are shared by threads. Two may come here at once; the first result stays, so that no lock is needed.
            if (_alternatives.IsDefault)
                ImmutableInterlocked.InterlockedInitialize(ref _alternatives, Alternative.Of(Items, static _ => 1));
            return _alternatives;
        }
    }

    /// <summary>Reads a pattern.</summary>
    /// <param name="text">The text.</param>
    /// <exception cref="LayoutException">The text does not parse.</exception>
    public static Pattern Parse(string text) =>
        TryParse(text, out var pattern, out var error) ? pattern : throw new LayoutException(error);

    /// <summary>Reads a pattern, or says why it cannot.</summary>
    /// <param name="text">The text.</param>
    /// <param name="pattern">The pattern.</param>
    /// <param name="error">What is wrong with the text.</param>
    public static bool TryParse(
        string text,
        [NotNullWhen(true)] out Pattern? pattern,
        [NotNullWhen(false)] out LayoutError? error)
    {
        var reader = new PatternReader(text);
        pattern = reader.ReadPattern(out var items) ? new Pattern(text, items) : null;
        error = reader.Error;
        return pattern is not null;
    }

    /// <summary>Two patterns are equal when their texts are.</summary>
    public bool Equals(Pattern? other) => other is not null && Text == other.Text;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Pattern);

    /// <inheritdoc/>
    public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(Text);

    /// <summary>The canonical text.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        WriteItems(text, Items);
        return text.ToString();
    }

    internal static void WriteItems(StringBuilder text, ImmutableArray<ItemNode> items)
    {
        for (var i = 0; i < items.Length; i++)
        {
            if (i > 0)
                text.Append(' ');
            items[i].Write(text);
        }
    }
}
