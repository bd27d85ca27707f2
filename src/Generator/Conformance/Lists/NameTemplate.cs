using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace Lanyard.Generator.Conformance.Lists;

/// <summary>Names that differ in numbers alone: <c>layers.{0..47}.mlp.experts.{0..15}.w1.weight</c>. Several holes stand for their product.</summary>
public sealed class NameTemplate : IEquatable<NameTemplate>
{
    /// <summary>A template. A hole of one number becomes text.</summary>
    /// <param name="texts">What stands before, between and after the holes: one more than holes.</param>
    /// <param name="holes">The numbers of each hole.</param>
    public NameTemplate(ImmutableArray<string> texts, ImmutableArray<NumberSet> holes)
    {
        var (kept, open) = (ImmutableArray.CreateBuilder<string>(texts.Length), ImmutableArray.CreateBuilder<NumberSet>(holes.Length));
        var text = texts[0];
        for (var i = 0; i < holes.Length; i++)
        {
            if (holes[i].Count == 1)
            {
                text += holes[i].First.ToString(CultureInfo.InvariantCulture) + texts[i + 1];
                continue;
            }
            kept.Add(text);
            open.Add(holes[i]);
            text = texts[i + 1];
        }
        kept.Add(text);
        (Texts, Holes, Count) = (kept.ToImmutable(), open.ToImmutable(), Product.Of(open));
    }

    /// <summary>What stands before, between and after the holes: one more than holes.</summary>
    public ImmutableArray<string> Texts { get; }

    /// <summary>The numbers of each hole; never one alone.</summary>
    public ImmutableArray<NumberSet> Holes { get; }

    /// <summary>How many names there are; the greatest long where there are more than that.</summary>
    public long Count { get; }

    /// <summary>The name with the least numbers; there has to be one.</summary>
    public string First
    {
        get
        {
            var name = new StringBuilder(Texts[0]);
            for (var i = 0; i < Holes.Length; i++) name.Append(Holes[i].First.ToString(CultureInfo.InvariantCulture)).Append(Texts[i + 1]);
            return name.ToString();
        }
    }

    /// <summary>All names, in the order of their numbers.</summary>
    public IEnumerable<string> Names => Holes.Select((numbers, hole) => (numbers, Text: Texts[hole + 1]))
        .Aggregate((IEnumerable<string>)[Texts[0]], static (names, hole) => names.SelectMany(start => hole.numbers.Numbers.Select(number => start + number.ToString(CultureInfo.InvariantCulture) + hole.Text)));

    /// <summary>The same texts with fewer numbers.</summary>
    /// <param name="holes">The numbers of each hole.</param>
    public NameTemplate With(ImmutableArray<NumberSet> holes) => new(Texts, holes);

    /// <summary>The names as a folded list has them.</summary>
    public override string ToString()
    {
        var text = new StringBuilder(Texts[0]);
        for (var i = 0; i < Holes.Length; i++) text.Append('{').Append(Holes[i]).Append('}').Append(Texts[i + 1]);
        return text.ToString();
    }

    /// <inheritdoc/>
    public bool Equals(NameTemplate? other) => other is not null && Texts.SequenceEqual(other.Texts) && Holes.SequenceEqual(other.Holes);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as NameTemplate);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = Texts.Length;
        foreach (var text in Texts) hash = unchecked((hash * 31) + StringComparer.Ordinal.GetHashCode(text));
        foreach (var hole in Holes) hash = unchecked((hash * 31) + hole.GetHashCode());
        return hash;
    }
}
