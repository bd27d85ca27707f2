using System.Collections.Immutable;

namespace Lanyard.Layouts;

/// <summary>A set of elements of a tensor that is a product: of each dimension some indices.</summary>
/// <param name="dimensions">For each dimension its indices: runs of step one, ascending and apart.</param>
internal sealed class IndexBox(ImmutableArray<ImmutableArray<IndexRun>> dimensions)
{
    private const int Shown = 4;

    /// <summary>No element, of any tensor.</summary>
    // One dimension without an index. Without dimensions it would be a scalar, which has an element.
    public static IndexBox None { get; } = new([[]]);

    /// <summary>The number of elements; one of a scalar.</summary>
    public long Count { get; } = dimensions.Aggregate(1L, (count, runs) => count * IndexRuns.Count(runs));

    private ImmutableArray<ImmutableArray<IndexRun>> Dimensions { get; } = dimensions;

    /// <summary>Every element of a tensor.</summary>
    public static IndexBox Whole(ImmutableArray<long> shape) => new([.. shape.Select(size => IndexRuns.Union([new IndexRun(0, size)]))]);

    /// <summary>The elements that are in both boxes of one tensor.</summary>
    public IndexBox Intersect(IndexBox other) => new([.. Dimensions.Zip(other.Dimensions, IndexRuns.Intersect)]);

    /// <summary>The elements that are not in another box of the tensor, as boxes that have no element in common.</summary>
    public IEnumerable<IndexBox> Except(IndexBox other)
    {
        var both = Intersect(other);
        if (both.Count == 0) return [this];

        // In the dimensions before d within the other, in d outside of it, in those after d anywhere.
        return Enumerable.Range(0, Dimensions.Length)
            .Select(d => new IndexBox([.. both.Dimensions[..d], IndexRuns.Except(Dimensions[d], other.Dimensions[d]), .. Dimensions[(d + 1)..]]))
            .Where(box => box.Count > 0);
    }

    /// <summary>The elements of some boxes that are in none of others, as boxes; apart where the first are.</summary>
    public static ImmutableArray<IndexBox> Without(IEnumerable<IndexBox> boxes, IEnumerable<IndexBox> others) =>
        [.. others.Aggregate(boxes, static (rest, other) => rest.SelectMany(box => box.Except(other)).ToList())];

    /// <summary>The indices, for messages: <c>[0..3 and 8, 0..9]</c>.</summary>
    public override string ToString() => $"[{string.Join(", ", Texts())}]";

    /// <summary>The indices of each dimension, for messages.</summary>
    public IEnumerable<string> Texts() => Dimensions.Select(Text);

    private static string Text(ImmutableArray<IndexRun> runs)
    {
        var texts = runs.Take(Shown).Select(run => run.Count == 1 ? $"{run.Start}" : $"{run.Start}..{run.Last}");
        return string.Join(" and ", texts) + (runs.Length > Shown ? " and ..." : "");
    }
}
