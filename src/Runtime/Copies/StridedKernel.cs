namespace Lanyard.Copies;

/// <summary>
/// Copies a range of a strided region. Where the innermost loop runs on in both arrays, it is copied by rows; where another loop runs on
/// in the array that is read, as in a transpose, by tiles that touch each cache line of either side once.
/// </summary>
internal static unsafe class StridedKernel<T>
    // A structure: each then has machine code of its own, in which sizes are constants and rows are no calls through a table.
    where T : struct, IElementCopy
{
    private const int Tile = StridedCopy.Tile;

    /// <summary>Fewer neighbours than these do not pay for a tile.</summary>
    private const int FewestNeighbours = 8;

    /// <summary>Copies the items from <paramref name="first"/> up to <paramref name="last"/>, counted over the loops down to <paramref name="split"/>.</summary>
    /// <param name="copy">The whole region; its offsets are in the pointers already.</param>
    /// <param name="from">The first element that is read.</param>
    /// <param name="to">The first element that is written.</param>
    /// <param name="split">The innermost loop that the items count; minus one for a region of one element.</param>
    /// <param name="first">The first item.</param>
    /// <param name="last">The item after the last one.</param>
    public static void Run(in StridedCopy copy, byte* from, byte* to, int split, long first, long last)
    {
        var loops = copy.Sizes.Length;
        if (loops == 0)
        {
            T.Row(from, to, 1);
            return;
        }
        Span<Loop> all = stackalloc Loop[loops], inner = stackalloc Loop[loops - split];
        for (var i = 0; i < loops; i++) all[i] = new Loop(copy.Sizes[i], copy.FromStrides[i] * T.FromSize, copy.ToStrides[i] * T.ToSize);
        while (first < last)
        {
            var at = first % all[split].Size;
            var rest = first / all[split].Size;
            var source = from + (at * all[split].From);
            var target = to + (at * all[split].To);
            for (var i = split - 1; i >= 0; i--, rest /= all[i + 1].Size)
            {
                source += rest % all[i].Size * all[i].From;
                target += rest % all[i].Size * all[i].To;
            }
            all[split..].CopyTo(inner);
            inner[0].Size = Math.Min(all[split].Size - at, last - first);
            Loops(inner, source, target);
            first += inner[0].Size;
        }
    }

    private static void Loops(Span<Loop> loops, byte* from, byte* to)
    {
        ref var last = ref loops[^1];
        if (last.From == T.FromSize && last.To == T.ToSize)
        {
            Rows(loops, from, to);
            return;
        }
        var near = loops.Length - 1;
        for (var i = 0; i < loops.Length; i++)
        {
            if (loops[i].From < loops[near].From && loops[i].Size >= FewestNeighbours) near = i;
        }
        if (near == loops.Length - 1)
        {
            Spreads(loops, from, to);
            return;
        }

        // Elements may be copied in any order; only which loops are the last two matters to the cache.
        (loops[near], loops[^2]) = (loops[^2], loops[near]);
        Tiles(loops, from, to);
    }

    private static void Rows(ReadOnlySpan<Loop> loops, byte* from, byte* to)
    {
        var loop = loops[0];
        if (loops.Length == 1)
        {
            T.Row(from, to, loop.Size);
        }
        else if (loops.Length == 2)
        {
            for (var (i, run) = (loop.Size, loops[1].Size); i > 0; i--, from += loop.From, to += loop.To) T.Row(from, to, run);
        }
        else
        {
            for (var i = loop.Size; i > 0; i--, from += loop.From, to += loop.To) Rows(loops[1..], from, to);
        }
    }

    private static void Spreads(ReadOnlySpan<Loop> loops, byte* from, byte* to)
    {
        var loop = loops[0];
        if (loops.Length == 1)
        {
            T.Spread(from, loop.From, to, loop.To, loop.Size);
            return;
        }
        for (var i = loop.Size; i > 0; i--, from += loop.From, to += loop.To) Spreads(loops[1..], from, to);
    }

    /// <summary>The last two loops are the ones that run on: the last but one where it is read, the last where it is written.</summary>
    private static void Tiles(ReadOnlySpan<Loop> loops, byte* from, byte* to)
    {
        var loop = loops[0];
        if (loops.Length > 2)
        {
            for (var i = loop.Size; i > 0; i--, from += loop.From, to += loop.To) Tiles(loops[1..], from, to);
            return;
        }
        var run = loops[1];

        // After the recursion, so that its innermost call alone has the buffer on the stack.
        var tile = stackalloc byte[Tile * Tile * sizeof(ulong)];
        for (var i = 0L; i < loop.Size; i += Tile)
        {
            var rows = (int)Math.Min(Tile, loop.Size - i);
            for (var j = 0L; j < run.Size; j += Tile)
            {
                var columns = (int)Math.Min(Tile, run.Size - j);
                var source = from + (i * loop.From) + (j * run.From);
                var target = to + (i * loop.To) + (j * run.To);
                if (T.FromSize == 2 && T.ToSize == 2 && loop.From == 2 && run.To == 2 && rows == Tile && columns == Tile && TransposedTile.IsSupported)
                {
                    TransposedTile.Write(source, run.From, target, loop.To);
                    continue;
                }

                // Through a buffer, since rows that are a power of two apart would push each other out of the cache.
                for (var column = 0; column < columns; column++, source += run.From)
                {
                    var line = tile + (column * Tile * T.ToSize);
                    if (loop.From == T.FromSize) T.Row(source, line, rows);
                    else T.Spread(source, loop.From, line, T.ToSize, rows);
                }
                for (var row = 0; row < rows; row++, target += loop.To) Column(tile + (row * T.ToSize), target, run.To, columns);
            }
        }
    }

    private static void Column(byte* tile, byte* to, long stride, int count)
    {
        switch (T.ToSize)
        {
            case 1: SameElement<byte>.Spread(tile, Tile, to, stride, count); break;
            case 2: SameElement<ushort>.Spread(tile, Tile * 2, to, stride, count); break;
            case 4: SameElement<uint>.Spread(tile, Tile * 4, to, stride, count); break;
            default: SameElement<ulong>.Spread(tile, Tile * 8, to, stride, count); break;
        }
    }

    private record struct Loop(long Size, long From, long To);
}
