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

    /// <summary>The grids of blocks that a stored shape may be: axes that are covered as a whole may be left out, and so may those of one element after all others that an encoding speaks of.</summary>
    private static IEnumerable<ImmutableArray<(long Least, long Most)>> Grids(DescribedCodes layout, Covers covers, ImmutableArray<long> stored, int rank)
    {
        var blocks = covers.Blocks(rank);
        foreach (var axes in Ways(blocks, 0, stored, 0, covers.Dots))
        {
            ImmutableArray<long> sizes = [.. stored.Take(axes.Count)];
            if (Unpacked(layout, sizes, sizes.Length) is not { } unpacked) continue;
            ImmutableArray<(long, long)> grid = [.. Enumerable.Range(0, rank).Select(axis => axes.IndexOf(axis) is >= 0 and var at ? unpacked[at] : (1, 1))];
            yield return grid;
        }
    }

    /// <summary>The axes that the first dimensions of a stored shape are of; the others are of one element.</summary>
    private static IEnumerable<ImmutableList<int>> Ways(ImmutableArray<long> blocks, int axis, ImmutableArray<long> stored, int at, int dots)
    {
        if (axis == blocks.Length)
        {
            if (stored.Length - at <= dots && stored.Skip(at).All(static size => size == 1)) yield return [];
            yield break;
        }
        if (at < stored.Length && (blocks[axis] != Covers.Whole || stored[at] == 1))
        {
            foreach (var way in Ways(blocks, axis + 1, stored, at + 1, dots)) yield return way.Insert(0, axis);
        }
        if (blocks[axis] != Covers.Whole) yield break;
        foreach (var way in Ways(blocks, axis + 1, stored, at, dots)) yield return way;
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
