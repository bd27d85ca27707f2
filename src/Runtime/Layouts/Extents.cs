using System.Collections.Immutable;

namespace Lanyard.Layouts;

/// <summary>How many positions items take, given the extent of each axis.</summary>
internal static class Extents
{
    public static long Of(ItemNode item, Func<ItemNode, long> extentOf) => item switch
    {
        OneNode => 1,
        PadNode pad => DivideUp(Of(pad.Composition, extentOf), pad.Multiple) * pad.Multiple,
        CompositionNode composition => OfParts(composition, extentOf),
        _ => extentOf(item),
    };

    public static long Of(ImmutableArray<ItemNode> items, Func<ItemNode, long> extentOf)
    {
        var extent = 1L;
        foreach (var item in items)
            extent = checked(extent * Of(item, extentOf));
        return extent;
    }

    public static ImmutableArray<long> Shape(ImmutableArray<ItemNode> items, Func<ItemNode, long> extentOf)
    {
        var shape = ImmutableArray.CreateBuilder<long>(items.Length);
        foreach (var item in items)
            shape.Add(Of(item, extentOf));
        return shape.MoveToImmutable();
    }

    // Not (count + size - 1) / size, which overflows for the longest axes: a size may be any number of 64 bits.
    public static long DivideUp(long count, long size) => (count / size) + (count % size == 0 ? 0 : 1);

    private static long OfParts(CompositionNode composition, Func<ItemNode, long> extentOf)
    {
        var extent = 0L;
        foreach (var part in composition.Parts)
            extent = checked(extent + Of(part.Items, extentOf));
        return extent;
    }
}
