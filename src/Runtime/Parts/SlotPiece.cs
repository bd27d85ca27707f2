using System.Collections.Immutable;
using Lanyard.Layouts;

namespace Lanyard.Parts;

/// <summary>Elements of a slot that lie in a part of its tensor.</summary>
/// <param name="Position">Where the first one is in the part.</param>
/// <param name="Parameter">Where it is in the parameter.</param>
/// <param name="Loops">The loops, none of size one; strides of the tensor count positions in the part.</param>
internal sealed record SlotPiece(long Position, long Parameter, ImmutableArray<SlotLoop> Loops)
{
    /// <summary>What a part has of one dimension of a slot.</summary>
    /// <param name="dimension">The dimension. Its offset in the parameter is zero here.</param>
    /// <param name="runs">The indices that the part has, ascending.</param>
    public static List<SlotPiece> Of(SlotDimension dimension, ImmutableArray<PartRun> runs)
    {
        var pieces = new List<SlotPiece>();
        Add(pieces, dimension.Loops, runs, dimension.First, 0);

        // Again and again: rows that were joined may be a row themselves.
        while (Join(pieces) is { } fewer && fewer.Count < pieces.Count) pieces = fewer;
        return pieces;
    }

    /// <summary>Both together: each element of this one with each of a piece of another dimension.</summary>
    /// <param name="other">The other.</param>
    /// <param name="stride">The elements of the part from one position of the other's dimension to the next.</param>
    public SlotPiece With(SlotPiece other, long stride) =>
        new(Position + (other.Position * stride), Parameter + other.Parameter, Loops.AddRange(other.Loops.Select(loop => loop with { TensorStride = loop.TensorStride * stride })));

    private static void Add(List<SlotPiece> pieces, ImmutableArray<SlotLoop> loops, ImmutableArray<PartRun> runs, long index, long parameter)
    {
        if (loops.IsEmpty)
        {
            if (At(runs, index) is { } run && run.Start <= index) pieces.Add(new SlotPiece(run.Position + (index - run.Start), parameter, []));
            return;
        }
        var (loop, inner) = (loops[0], loops[1..]);
        var span = inner.Sum(faster => (faster.Size - 1) * faster.TensorStride);
        for (var i = 0L; i < loop.Size;)
        {
            var (first, place) = (index + (i * loop.TensorStride), parameter + (i * loop.ParameterStride));
            if (At(runs, first) is not { } run) return;

            // Steps before the run, steps within it at once, or one that it cuts.
            var before = DivideUp(run.Start - span - first, loop.TensorStride);
            if (before > 0)
            {
                i += before;
            }
            else if (run.Start <= first && run.Last - span >= first)
            {
                var count = Math.Min(loop.Size - i, ((run.Last - span - first) / loop.TensorStride) + 1);
                pieces.Add(new SlotPiece(run.Position + (first - run.Start), place, count == 1 ? inner : inner.Insert(0, loop with { Size = count })));
                i += count;
            }
            else
            {
                Add(pieces, inner, runs, first, place);
                i++;
            }
        }
    }

    /// <summary>Pieces at equal distances become one. Several at a time: the longest row from each piece on.</summary>
    private static List<SlotPiece> Join(List<SlotPiece> pieces)
    {
        var joined = new List<SlotPiece>();
        for (var i = 0; i < pieces.Count;)
        {
            var (first, count) = (pieces[i], 1);
            var (position, parameter) = i + 1 < pieces.Count ? (pieces[i + 1].Position - first.Position, pieces[i + 1].Parameter - first.Parameter) : (0, 0);
            while (position > 0 && parameter > 0 && i + count < pieces.Count && Follows(pieces[i + count - 1], pieces[i + count], position, parameter)) count++;
            joined.Add(count == 1 ? first : first with { Loops = first.Loops.Insert(0, new SlotLoop(count, parameter, position)) });
            i += count;
        }
        return joined;
    }

    private static bool Follows(SlotPiece piece, SlotPiece next, long position, long parameter) =>
        next.Position - piece.Position == position && next.Parameter - piece.Parameter == parameter && Sequences.Same(piece.Loops, next.Loops);

    /// <summary>The first run that does not end before an index, or null.</summary>
    private static PartRun? At(ImmutableArray<PartRun> runs, long index)
    {
        var (low, high) = (0, runs.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (runs[middle].Last < index) low = middle + 1;
            else high = middle;
        }
        return low < runs.Length ? runs[low] : null;
    }

    private static long DivideUp(long count, long size) => count <= 0 ? 0 : ((count - 1) / size) + 1;
}
