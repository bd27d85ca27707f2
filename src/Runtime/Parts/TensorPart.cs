using System.Collections.Immutable;
using Lanyard.Layouts;
using Lanyard.Memory;

namespace Lanyard.Parts;

/// <summary>
/// A dense array that is a part of a checkpoint tensor: of each dimension some indices, ascending. The slice of a rank is one, a chunk
/// of a tensor is one, and so is a chunk of a slice. Positions of a slice that are padding have no index.
/// </summary>
internal sealed class TensorPart
{
    private readonly ImmutableArray<ImmutableArray<PartRun>> _dimensions;

    private TensorPart(ImmutableArray<long> whole, ImmutableArray<long> shape, ImmutableArray<ImmutableArray<PartRun>> dimensions)
    {
        (WholeShape, Shape, _dimensions) = (whole, shape, dimensions);
        Box = new IndexBox([.. dimensions.Select(runs => IndexRuns.Union(runs.Select(run => new IndexRun(run.Start, run.Count))))]);
    }

    private TensorPart(ImmutableArray<long> whole) => (WholeShape, Shape, _dimensions, Box) = (whole, [0], [[]], IndexBox.None);

    /// <summary>The shape of the whole tensor.</summary>
    public ImmutableArray<long> WholeShape { get; }

    /// <summary>The shape of the part.</summary>
    public ImmutableArray<long> Shape { get; }

    /// <summary>The elements, in the whole tensor.</summary>
    public IndexBox Box { get; }

    /// <summary>Whether there is no element.</summary>
    public bool IsEmpty => Box.Count == 0;

    /// <summary>All of a tensor.</summary>
    public static TensorPart Whole(ImmutableArray<long> shape) => new(shape, shape, [.. shape.Select(size => ImmutableArray.Create(new PartRun(0, size, 0)))]);

    /// <summary>Nothing of a tensor.</summary>
    public static TensorPart None(ImmutableArray<long> shape) => new(shape);

    /// <summary>What a rank holds of a tensor, as an export writes it.</summary>
    public static TensorPart Of(TensorSlice slice)
    {
        if (slice.Elements == 0) return None(slice.WholeShape);
        var strides = Shapes.Strides(slice.Shape);
        var runs = slice.Shape.Select(_ => new SortedDictionary<long, PartRun>()).ToArray();
        foreach (var slot in slice.Plan.Slots)
        {
            foreach (var (d, dimension) in SlotDimension.Of(slot, slice.WholeShape).Index())
            {
                var first = slot.ParameterOffset / strides[d] % slice.Shape[d];

                // A slice is a product: slots that share a run of a dimension say the same of it.
                foreach (var (run, distance) in dimension.Runs(strides[d])) runs[d][run.Start] = new PartRun(run.Start, run.Count, first + (distance / strides[d]));
            }
        }
        return new TensorPart(slice.WholeShape, slice.Shape, [.. runs.Select(dimension => Joined(dimension.Values))]);
    }

    /// <summary>A part of the part, or null where it does not lie within.</summary>
    /// <param name="start">Where it begins in this part: one index for each dimension.</param>
    /// <param name="shape">Its shape.</param>
    public TensorPart? Within(ImmutableArray<long> start, ImmutableArray<long> shape)
    {
        if (IsEmpty) return shape.Contains(0) ? this : null;
        if (start.Length != Shape.Length || shape.Length != Shape.Length) return null;
        for (var d = 0; d < Shape.Length; d++)
        {
            // Subtracted: a start that a trainer gives may be so large that the sum overflows.
            if (start[d] < 0 || start[d] > Shape[d] - shape[d]) return null;
        }
        return new TensorPart(WholeShape, shape, [.. _dimensions.Select((runs, d) => Cut(runs, start[d], shape[d]))]);
    }

    /// <summary>Whether two parts are the same elements in the same order.</summary>
    public bool Same(TensorPart other) =>
        Sequences.Same(WholeShape, other.WholeShape)
        && Sequences.Same(Shape, other.Shape)
        && _dimensions.Length == other._dimensions.Length
        && _dimensions.Zip(other._dimensions, Sequences.Same).All(same => same);

    /// <summary>The elements of a slot that are in the part, as slots that count elements of the part instead of the whole tensor.</summary>
    /// <param name="slot">A slot of the whole tensor.</param>
    public ImmutableArray<LayoutSlot> Of(LayoutSlot slot)
    {
        if (IsEmpty) return [];
        var strides = Shapes.Strides(Shape);
        var pieces = SlotDimension.Of(slot, WholeShape).Select((dimension, d) => SlotPiece.Of(dimension, _dimensions[d])).ToArray();
        List<SlotPiece> product = [new SlotPiece(0, slot.ParameterOffset, [])];
        foreach (var (d, dimension) in pieces.Index()) product = [.. product.SelectMany(slower => dimension.Select(faster => slower.With(faster, strides[d])))];
        return [.. product.Select(piece => LayoutSlot.Of(slot.Tensor, piece.Parameter, piece.Position, piece.Loops))];
    }

    /// <summary>The elements that a slot takes of a whole tensor.</summary>
    public static IndexBox BoxOf(LayoutSlot slot, ImmutableArray<long> shape) => new([.. SlotDimension.Of(slot, shape).Select(dimension => dimension.Indices())]);

    private static ImmutableArray<PartRun> Joined(IEnumerable<PartRun> runs)
    {
        var joined = ImmutableArray.CreateBuilder<PartRun>();
        foreach (var run in runs)
        {
            if (joined.Count > 0 && joined[^1] is var last && last.Last + 1 == run.Start && last.Position + last.Count == run.Position) joined[^1] = last with { Count = last.Count + run.Count };
            else joined.Add(run);
        }
        return joined.ToImmutable();
    }

    private static ImmutableArray<PartRun> Cut(ImmutableArray<PartRun> runs, long start, long size)
    {
        var cut = ImmutableArray.CreateBuilder<PartRun>();
        foreach (var run in runs)
        {
            var (first, end) = (Math.Max(run.Position, start), Math.Min(run.Position + run.Count, start + size));
            if (first < end) cut.Add(new PartRun(run.Start + (first - run.Position), end - first, first - start));
        }
        return cut.ToImmutable();
    }
}
