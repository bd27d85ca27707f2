using System.Collections.Immutable;
using Lanyard.Layouts;

namespace Lanyard.Parts;

/// <summary>
/// What of a parameter goes where when its rank holds other indices of some axes: for each index that it held before, and each place that
/// the index has now, the elements that go there. What comes to a place of an index that the rank did not hold comes from nowhere.
/// </summary>
internal sealed class PlaceMoves
{
    private PlaceMoves(ImmutableArray<long> shape, bool isInPlace, ImmutableArray<PlaceMove> rows) => (Shape, IsInPlace, Rows) = (shape, isInPlace, rows);

    /// <summary>The shape afterwards.</summary>
    public ImmutableArray<long> Shape { get; }

    /// <summary>Whether all places lie where they lay, so that elements can change places within the parameter.</summary>
    public bool IsInPlace { get; }

    /// <summary>The moves of each part of the parameter.</summary>
    public ImmutableArray<PlaceMove> Rows { get; }

    /// <summary>Whether any axis of the parameter is held otherwise.</summary>
    public bool IsPlaced => Rows.Any(row => row.IsPlaced) || !IsInPlace;

    /// <param name="pattern">The layout of the parameter.</param>
    /// <param name="before">The axes with what the rank held.</param>
    /// <param name="after">The same with what it will hold.</param>
    /// <exception cref="LayoutException">A share cuts a block.</exception>
    public static PlaceMoves Of(Pattern pattern, ImmutableArray<Axis> before, ImmutableArray<Axis> after)
    {
        var shape = Layout.ShapeOf(pattern, after);
        var isInPlace = Sequences.Same(shape, Layout.ShapeOf(pattern, before));
        var (old, next) = (Table(pattern, before), Table(pattern, after));
        var rows = ImmutableArray.CreateBuilder<PlaceMove>();
        foreach (var (from, to) in Alternative.Of(pattern.Items, old.Held).Zip(Alternative.Of(pattern.Items, next.Held)))
        {
            var (moved, still) = (new List<(HeldAxis Before, HeldAxis After, long From, long To)>(), ImmutableArray.CreateBuilder<SlotLoop>());
            isInPlace &= from.Offset == to.Offset;
            foreach (var (a, b) in from.Loops.Zip(to.Loops))
            {
                var (held, holds) = (old.Of(a.Key), next.Of(b.Key));
                isInPlace &= a.Stride == b.Stride && held.Count == holds.Count;
                if (Sequences.Same(held.Runs, holds.Runs)) still.Add(new SlotLoop(held.Elements, a.Stride, b.Stride));
                else moved.Add((held, holds, a.Stride, b.Stride));
            }
            if (still.All(loop => loop.Size > 0)) rows.Add(new PlaceMove([.. still.Where(loop => loop.Size > 1)], [.. Places(moved, from.Offset, to.Offset)], moved.Count > 0));
        }
        return new PlaceMoves(shape, isInPlace, rows.ToImmutable());
    }

    private static AxisTable Table(Pattern pattern, ImmutableArray<Axis> axes)
    {
        var table = new AxisTable(axes);

        // Of a cut block the shape has spoken.
        _ = table.HoldBlocks(pattern.Items);
        return table;
    }

    private static List<(long From, long To)> Places(List<(HeldAxis Before, HeldAxis After, long From, long To)> axes, long from, long to)
    {
        List<(long From, long To)> places = [(from, to)];
        foreach (var axis in axes)
        {
            var (held, first) = (axis.Before.Indices().ToArray(), new Dictionary<long, long>());
            foreach (var (position, index) in held.Index()) first.TryAdd(index, position);
            var steps = axis.After.Indices().Index()
                .Select(place => (From: place.Index < held.Length && held[place.Index] == place.Item ? place.Index : first.GetValueOrDefault(place.Item, PlaceMove.Nowhere), To: (long)place.Index)).ToList();
            places = [.. places.SelectMany(place => steps.Select(step => (place.From == PlaceMove.Nowhere || step.From == PlaceMove.Nowhere ? PlaceMove.Nowhere : place.From + (step.From * axis.From), place.To + (step.To * axis.To))))];
        }
        return places;
    }
}
