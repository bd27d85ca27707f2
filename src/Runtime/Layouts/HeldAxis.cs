using System.Collections.Immutable;

namespace Lanyard.Layouts;

/// <summary>An axis with its size and what this rank holds: of an axis by name as given, of blocks as derived.</summary>
/// <param name="Size">The whole size.</param>
/// <param name="Count">The positions that this rank holds.</param>
/// <param name="Runs">The indices at these positions, in order; positions after them hold no element.</param>
internal sealed record HeldAxis(long Size, long Count, ImmutableArray<IndexRun> Runs)
{
    /// <summary>How many of the positions hold an element.</summary>
    public long Elements { get; } = Runs.Sum(static run => run.Count);

    /// <summary>The index at each position that holds an element.</summary>
    public IEnumerable<long> Indices() => Runs.SelectMany(static run => run.Indices());
}
