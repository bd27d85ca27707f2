using System.Collections.Immutable;

namespace Lanyard.Layouts;

/// <summary>The positions of an array that hold no element, since its pattern rounds an extent up.</summary>
internal static class Padding
{
    /// <summary>The positions, as regions without a position in common; both sides of each slot count positions of the array.</summary>
    /// <param name="items">The dimensions of the array.</param>
    /// <param name="extentOf">The extent of an axis.</param>
    public static ImmutableArray<LayoutSlot> Of(ImmutableArray<ItemNode> items, Func<ItemNode, long> extentOf) =>
        [.. Row(items, extentOf).Padding.Where(static region => region.Loops.All(static loop => loop.Size > 0)).Select(static region => LayoutSlot.Of(0, region.Offset, region.Offset, [.. region.Loops.Where(static loop => loop.Size > 1)]))];

    /// <summary>What of a row of items holds elements, and what does not.</summary>
    private static (List<Region> Elements, List<Region> Padding) Row(ImmutableArray<ItemNode> items, Func<ItemNode, long> extentOf)
    {
        var row = (Elements: new List<Region> { new(0, []) }, Padding: new List<Region>());
        foreach (var item in items)
        {
            var extent = Extents.Of(item, extentOf);
            var inside = Item(item, extentOf);

            // Where something slower is padding, all that is faster is; else where this item is.
            row = (
                Product(row.Elements, extent, inside.Elements),
                [.. Product(row.Padding, extent, [Region.Run(0, extent)]), .. Product(row.Elements, extent, inside.Padding)]);
        }
        return row;
    }

    private static (List<Region> Elements, List<Region> Padding) Item(ItemNode item, Func<ItemNode, long> extentOf)
    {
        switch (item)
        {
            case OneNode:
                return ([new Region(0, [])], []);
            case PadNode pad:
                var (elements, padding) = Item(pad.Composition, extentOf);
                var end = Extents.Of(pad.Composition, extentOf);
                return (elements, [.. padding, Region.Run(end, Extents.Of(pad, extentOf) - end)]);
            case CompositionNode composition:
                var parts = (Elements: new List<Region>(), Padding: new List<Region>());
                var offset = 0L;
                foreach (var part in composition.Parts)
                {
                    var row = Row(part.Items, extentOf);
                    parts.Elements.AddRange(row.Elements.Select(region => region with { Offset = region.Offset + offset }));
                    parts.Padding.AddRange(row.Padding.Select(region => region with { Offset = region.Offset + offset }));
                    offset += Extents.Of(part.Items, extentOf);
                }
                return parts;
            default:
                return ([Region.Run(0, extentOf(item))], []);
        }
    }

    private static List<Region> Product(List<Region> slower, long extent, List<Region> faster) =>
        [.. slower.SelectMany(outer => faster.Select(inner => new Region(
            checked(outer.Offset * extent) + inner.Offset,
            [.. outer.Loops.Select(loop => new SlotLoop(loop.Size, checked(loop.ParameterStride * extent), checked(loop.TensorStride * extent))), .. inner.Loops])))];

    private readonly record struct Region(long Offset, ImmutableArray<SlotLoop> Loops)
    {
        public static Region Run(long start, long count) => new(start, [new SlotLoop(count, 1, 1)]);
    }
}
