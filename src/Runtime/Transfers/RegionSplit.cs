using Lanyard.Layouts;

namespace Lanyard.Transfers;

/// <summary>
/// Splits a region by another one of the same tensor: the elements that both have, with their places in both storages, and those that the first has alone.
/// No element is touched. Both are nested loops, so that the loops with the larger step are the cells in which the others lie: where the steps divide, as
/// those of axes do, all cells between the first and the last are alike.
/// </summary>
internal static class RegionSplit
{
    /// <param name="wanted">The region that is split.</param>
    /// <param name="given">The other one.</param>
    /// <param name="pairs">What both have is added to them.</param>
    /// <param name="rest">What the first has alone is added to it.</param>
    public static void Run(Region wanted, Region given, List<RegionPair> pairs, List<Region> rest)
    {
        if (wanted.End <= given.Tensor || given.End <= wanted.Tensor)
        {
            rest.Add(wanted);
            return;
        }
        if (wanted.Loops.Length == 0 && given.Loops.Length == 0)
        {
            // One element each, and they are not apart.
            pairs.Add(new RegionPair(wanted.Storage, given.Storage, []));
            return;
        }
        var (own, other) = (wanted.Step, given.Step);
        if (own == other)
        {
            RunAlike(wanted, given, pairs, rest);
        }
        else if (own > other)
        {
            List<Region> left = [wanted];
            foreach (var cells in Cells(given, own, wanted.Tensor))
            {
                var next = new List<Region>();
                foreach (var piece in left) Run(piece, cells, pairs, next);
                left = next;
            }
            rest.AddRange(left);
        }
        else
        {
            foreach (var cells in Cells(wanted, other, given.Tensor)) Run(cells, given, pairs, rest);
        }
    }

    /// <summary>A region as steps of a larger size: those of its slowest loop that begin in one cell are one step. The first and the last cell may have fewer.</summary>
    /// <param name="region">The region.</param>
    /// <param name="cell">The size of the cells.</param>
    /// <param name="origin">Where one of them begins.</param>
    private static IEnumerable<Region> Cells(Region region, long cell, long origin)
    {
        if (region.Loops.Length == 0)
        {
            yield return region with { Loops = [new SlotLoop(1, 0, cell)] };
            yield break;
        }
        var (outer, inner) = (region.Loops[0], region.Loops[1..]);
        var (whole, j) = (outer.TensorStride > 0 && cell % outer.TensorStride == 0 ? cell / outer.TensorStride : 0, 0L);
        while (j < outer.Size)
        {
            var within = FloorMod(region.Tensor + (j * outer.TensorStride) - origin, cell);
            var here = Math.Min(outer.Size - j, ((cell - within - 1) / outer.TensorStride) + 1);

            // Full cells are one loop; where steps do not divide, each cell is another one.
            var cells = whole > 0 && here == whole ? (outer.Size - j) / whole : 1;
            yield return new Region(
                region.Tensor + (j * outer.TensorStride),
                region.Storage + (j * outer.ParameterStride),
                [new SlotLoop(cells, here * outer.ParameterStride, cell), new SlotLoop(here, outer.ParameterStride, outer.TensorStride), .. inner]);
            j += cells * here;
        }
    }

    /// <summary>Two regions whose slowest loops have one step: cell by cell, all cells at once that are alike.</summary>
    private static void RunAlike(Region wanted, Region given, List<RegionPair> pairs, List<Region> rest)
    {
        var (own, other, step) = (wanted.Loops[0], given.Loops[0], wanted.Step);
        var (distance, inner, within) = (given.Tensor - wanted.Tensor, wanted.Inner, given.Inner);
        var (cells, shift) = (FloorDiv(distance, step), FloorMod(distance, step));

        // What lies in a cell of the one may reach into the next of the other.
        var (first, last) = (FloorDiv(shift - inner.End, step) + 1, -FloorDiv(-(shift + within.End), step) - 1);
        var cuts = new SortedSet<long> { 0, own.Size };
        for (var turn = first; turn <= last; turn++)
        {
            cuts.Add(Math.Clamp(cells + turn, 0, own.Size));
            cuts.Add(Math.Clamp(cells + turn + other.Size, 0, own.Size));
        }
        var begin = -1L;
        foreach (var end in cuts)
        {
            if (begin >= 0) RunCells(begin, end);
            begin = end;
        }

        void RunCells(long from, long to)
        {
            List<Region> left = [inner];
            for (var turn = first; turn <= last && left.Count > 0; turn++)
            {
                if (cells + turn > from || to > cells + turn + other.Size) continue;
                var (found, next) = (new List<RegionPair>(), new List<Region>());
                var there = within with { Tensor = shift - (turn * step) };
                foreach (var piece in left) Run(piece, there, found, next);
                left = next;
                var index = from - cells - turn;
                foreach (var pair in found)
                {
                    var loop = new PairLoop(to - from, own.ParameterStride, other.ParameterStride);
                    pairs.Add(new RegionPair(
                        wanted.Storage + (from * own.ParameterStride) + pair.Target,
                        given.Storage + (index * other.ParameterStride) + pair.Source,
                        loop.Size == 1 ? pair.Loops : [loop, .. pair.Loops]));
                }
            }
            foreach (var piece in left)
            {
                var moved = piece with { Tensor = wanted.Tensor + (from * step) + piece.Tensor, Storage = wanted.Storage + (from * own.ParameterStride) + piece.Storage };
                rest.Add(moved.Around(own with { Size = to - from }));
            }
        }
    }

    private static long FloorDiv(long value, long by) => (value / by) - (value % by < 0 ? 1 : 0);

    private static long FloorMod(long value, long by) => value - (FloorDiv(value, by) * by);
}
