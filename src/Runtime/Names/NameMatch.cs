using System.Collections.Immutable;

namespace Lanyard.Names;

/// <summary>Names that came, and wanted ones that they most likely were meant to be: those of the same numbers.</summary>
/// <param name="Came">What came.</param>
/// <param name="Wanted">What is wanted.</param>
/// <param name="Difference">What differs.</param>
/// <param name="Numbers">The numbers that both have.</param>
/// <param name="Fitting">Those of them where what came would fit.</param>
internal sealed record NameMatch(NameClass Came, NameClass Wanted, NameDifference Difference, ImmutableHashSet<string> Numbers, ImmutableHashSet<string> Fitting)
{
    /// <summary>The pairs.</summary>
    public IEnumerable<(string Came, string Wanted)> Pairs => Numbers.OrderBy(static numbers => numbers, StringComparer.Ordinal).Select(numbers => (Came.Members[numbers], Wanted.Members[numbers]));

    /// <summary>The names of both sides.</summary>
    public IEnumerable<(NameClass Class, string Numbers)> Names => Numbers.SelectMany(numbers => new[] { (Came, numbers), (Wanted, numbers) });

    /// <summary>Whether both cannot be true: a name would be two others.</summary>
    public bool Contradicts(NameMatch other) => !ReferenceEquals(this, other) && (Came == other.Came || Wanted == other.Wanted) && Numbers.Overlaps(other.Numbers);
}
