using System.Collections.Immutable;
using Lanyard.Arithmetic;
using Lanyard.Generator.Conformance.Classes;

namespace Lanyard.Generator.Conformance.Matching;

/// <summary>From stored shapes back to those of values: a word holds several codes and an element of a scale stands for a block, so that of some sizes only a range is known.</summary>
internal static class StoredShapes
{
    /// <summary>The sizes of the values whose codes have a shape, of flattened ones how many there are; null where no values have.</summary>
    /// <param name="encoding">How they are stored; null for as they are.</param>
    /// <param name="stored">The shape.</param>
    /// <param name="rank">How many axes the values have.</param>
    public static ImmutableArray<(long Least, long Most)>? Values(DescribedEncoding? encoding, ImmutableArray<long> stored, int rank)
    {
        if (rank == 0 && stored is [1]) return [];
        if (encoding is null or { Layout.Bits: 0, IsFlat: false }) return stored.Length == rank ? [.. stored.Select(static size => (size, size))] : null;
        return encoding.IsFlat ? Unpacked(encoding.Layout, [stored.Aggregate(1L, static (count, size) => checked(count * size))], 1) : Unpacked(encoding.Layout, stored, rank);
    }

    /// <summary>What the shape of a companion leaves of the sizes of values; null where it fits none.</summary>
    /// <param name="companion">The companion.</param>
    /// <param name="stored">Its shape.</param>
    /// <param name="values">The sizes.</param>
    public static ImmutableArray<(long Least, long Most)>? Beside(DescribedCompanion companion, ImmutableArray<long> stored, ImmutableArray<(long Least, long Most)> values)
    {
        if (companion.Layout.Type == "Json") return values;
        if (companion.Covers.IsEmpty) return stored.Length == 1 ? values : null;
        foreach (var text in companion.Covers)
        {
            if (!Covers.TryParse(text, out var covers) || covers!.Axes > values.Length) continue;
            foreach (var grid in Grids(companion.Layout, covers, stored, values.Length))
            {
                if (Within(covers.Blocks(values.Length), grid, values) is { } left) return left;
            }
        }
        return null;
    }

    /// <summary>The sizes for which each axis has so many blocks.</summary>
    private static ImmutableArray<(long Least, long Most)>? Within(ImmutableArray<long> blocks, ImmutableArray<(long Least, long Most)> grid, ImmutableArray<(long Least, long Most)> values)
    {
        var left = values.ToBuilder();
        for (var axis = 0; axis < values.Length; axis++)
        {
            if (blocks[axis] == Covers.Whole) continue;
            var (least, most) = (((grid[axis].Least - 1) * blocks[axis]) + 1, grid[axis].Most * blocks[axis]);
            left[axis] = (Math.Max(values[axis].Least, least), Math.Min(values[axis].Most, most));
            if (left[axis].Least > left[axis].Most) return null;
        }
        return left.ToImmutable();
    }

    /// <summary>The grids of blocks that a stored shape may be: axes that are covered as a whole may be left out.</summary>
    private static IEnumerable<ImmutableArray<(long Least, long Most)>> Grids(DescribedCodes layout, Covers covers, ImmutableArray<long> stored, int rank)
    {
        var blocks = covers.Blocks(rank);
        var all = Enumerable.Range(0, rank).ToList();
        var kept = all.FindAll(axis => blocks[axis] != Covers.Whole);

        // All axes, or those alone that are divided; between them any number of axes of one element, which say nothing.
        foreach (var axes in kept.Count == rank ? new[] { all } : [all, kept])
        {
            var sizes = stored;
            if (sizes.Length > axes.Count) sizes = Without(sizes, sizes.Length - axes.Count);
            if (sizes.Length != axes.Count || Unpacked(layout, sizes, sizes.Length) is not { } unpacked) continue;
            var grid = ImmutableArray.CreateBuilder<(long, long)>(rank);
            for (var axis = 0; axis < rank; axis++) grid.Add(axes.IndexOf(axis) is >= 0 and var at ? unpacked[at] : (1, 1));
            if (all.TrueForAll(axis => blocks[axis] != Covers.Whole || (grid[axis].Item1 <= 1 && grid[axis].Item2 >= 1))) yield return grid.ToImmutable();
        }
    }

    // From the end, where encodings say that there are some.
    private static ImmutableArray<long> Without(ImmutableArray<long> sizes, int ones)
    {
        for (var axis = sizes.Length - 1; axis >= 0 && ones > 0; axis--)
        {
            if (sizes[axis] != 1) continue;
            sizes = sizes.RemoveAt(axis);
            ones--;
        }
        return sizes;
    }

    /// <summary>The sizes of codes that are packed into a shape; null where there are none.</summary>
    private static ImmutableArray<(long Least, long Most)>? Unpacked(DescribedCodes layout, ImmutableArray<long> stored, int rank)
    {
        var sizes = stored.Select(static size => (size, size)).ToImmutableArray();
        if (layout.Bits == 0) return stored.Length == rank ? sizes : null;
        var axis = rank + layout.Axis;
        if (axis < 0 || axis >= rank) return null;
        if (layout.Block > 0)
        {
            if (stored.Length != rank + 1 || stored[axis + 1] != Words(layout.Block)) return null;
            var whole = checked(stored[axis] * layout.Block);
            return sizes.RemoveAt(axis + 1).SetItem(axis, (whole, whole));
        }
        if (stored.Length != rank || stored[axis] > long.MaxValue / layout.Word) return null;
        var (least, most) = (stored[axis] == 0 ? 0 : ((stored[axis] - 1) * layout.Word / layout.Bits) + 1, stored[axis] * layout.Word / layout.Bits);
        return least > most ? null : sizes.SetItem(axis, (least, most));

        long Words(long codes) => ((codes * layout.Bits) + layout.Word - 1) / layout.Word;
    }
}
