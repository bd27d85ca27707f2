using System.Collections.Immutable;

namespace Lanyard.Layouts;

/// <summary>
/// One choice of parts of a pattern. Within it the position of an element is an offset plus a stride for each axis.
/// </summary>
internal sealed class Alternative
{
    public static readonly Alternative Empty = new([], [], 0, null);

    private Alternative(ImmutableArray<Loop> loops, ImmutableArray<string> tags, long offset, PartNode? part)
    {
        Loops = loops;
        Tags = tags;
        Offset = offset;
        Part = part;
    }

    /// <summary>The axes, in the order of the text.</summary>
    public ImmutableArray<Loop> Loops { get; }

    public ImmutableArray<string> Tags { get; }

    public long Offset { get; }

    /// <summary>The last part that was chosen among several, or null.</summary>
    public PartNode? Part { get; }

    /// <summary>
    /// The alternatives of a row of items, in the order of the text, with strides that count positions of the whole row.
    /// </summary>
    /// <param name="items">The items, slowest first.</param>
    /// <param name="extentOf">The extent of an axis.</param>
    public static ImmutableArray<Alternative> Of(ImmutableArray<ItemNode> items, Func<ItemNode, long> extentOf)
    {
        ImmutableArray<Alternative> row = [Empty];
        foreach (var item in items)
        {
            var extent = Extents.Of(item, extentOf);
            var next = Of(item, extentOf);
            var product = ImmutableArray.CreateBuilder<Alternative>(row.Length * next.Length);
            foreach (var slower in row)
            {
                foreach (var faster in next)
                    product.Add(slower.Before(faster, extent));
            }
            row = product.MoveToImmutable();
        }
        return row;
    }

    /// <summary>How many alternatives a row of items has, up to a limit.</summary>
    public static int CountOf(ImmutableArray<ItemNode> items, int limit)
    {
        long count = 1;
        foreach (var item in items)
            // Cut off at each item, so that no product of a hostile text runs past the end of 64 bits.
            count = Math.Min(limit, count * CountOf(item, limit));
        return (int)count;
    }

    private static int CountOf(ItemNode item, int limit) => item switch
    {
        PadNode pad => CountOf(pad.Composition, limit),
        CompositionNode composition =>
            (int)Math.Min(limit, composition.Parts.Sum(part => (long)CountOf(part.Items, limit))),
        _ => 1,
    };

    private static ImmutableArray<Alternative> Of(ItemNode item, Func<ItemNode, long> extentOf) => item switch
    {
        OneNode => [Empty],
        PadNode pad => Of(pad.Composition, extentOf),
        CompositionNode composition => OfParts(composition, extentOf),
        _ => [new([new Loop(item, 1)], [], 0, null)],
    };

    private static ImmutableArray<Alternative> OfParts(CompositionNode composition, Func<ItemNode, long> extentOf)
    {
        var all = ImmutableArray.CreateBuilder<Alternative>();
        var offset = 0L;
        foreach (var part in composition.Parts)
        {
            foreach (var inside in Of(part.Items, extentOf))
                all.Add(new(inside.Loops, part.Tag is null ? inside.Tags : inside.Tags.Add(part.Tag), offset + inside.Offset, inside.Part ?? part));
            offset += Extents.Of(part.Items, extentOf);
        }
        return all.ToImmutable();
    }

    /// <summary>The same alternative at every index of other axes, along which it does not move.</summary>
    public Alternative Over(ImmutableArray<ItemNode> axes) =>
        axes.IsEmpty ? this : new(Loops.AddRange(axes.Select(static axis => new Loop(axis, 0))), Tags, Offset, Part);

    private Alternative Before(Alternative faster, long extent)
    {
        var loops = ImmutableArray.CreateBuilder<Loop>(Loops.Length + faster.Loops.Length);
        foreach (var loop in Loops)
            // Checked: a stride that overflowed would be one like any other, and read other elements without a word.
            loops.Add(loop with { Stride = checked(loop.Stride * extent) });
        loops.AddRange(faster.Loops);
        return new(loops.MoveToImmutable(), Tags.AddRange(faster.Tags), checked(Offset * extent) + faster.Offset, faster.Part ?? Part);
    }
}
