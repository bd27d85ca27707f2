using System.Collections.Immutable;
using Lanyard.Layouts;
using Lanyard.Memory;
using Lanyard.Parts;

namespace Lanyard.Updates;

/// <summary>A box of a tensor, small enough to be decoded, or read, at once.</summary>
/// <param name="shape">The shape of the whole tensor, of at least one axis.</param>
/// <param name="start">Where the box begins, on each axis.</param>
/// <param name="size">Its size, on each axis; along the last one it begins and ends with a block.</param>
internal sealed class DecodedPiece(ImmutableArray<long> shape, ImmutableArray<long> start, ImmutableArray<long> size)
{
    /// <summary>The number of elements.</summary>
    public int Count { get; } = (int)size.Aggregate(1L, (count, axis) => count * axis);

    /// <summary>The pieces of the smallest box around some slots.</summary>
    /// <param name="shape">The shape of the whole tensor, of at least one axis.</param>
    /// <param name="slots">The slots.</param>
    /// <param name="block">The elements of a block.</param>
    /// <param name="most">The elements that a piece has at most; at least those of a block.</param>
    /// <param name="least">The elements that should lie together: shorter runs, of several, are taken with what is between them.</param>
    public static List<DecodedPiece> Of(ImmutableArray<long> shape, ImmutableArray<LayoutSlot> slots, int block, long most, long least = 0)
    {
        var (first, end) = Around(shape, slots, block);
        for (var (axis, run) = (shape.Length - 1, 1L); axis > 0 && run * (end[axis] - first[axis]) < least; run *= shape[axis--])
        {
            if (Enumerable.Range(0, axis).Any(outer => end[outer] - first[outer] > 1)) (first, end) = (first.SetItem(axis, 0), end.SetItem(axis, shape[axis]));
        }

        // The axis along which pieces are cut: what is within is whole in each, what is outside is counted through.
        var (cut, inner) = (shape.Length - 1, 1L);
        while (cut > 0 && inner * (end[cut] - first[cut]) <= most) inner *= end[cut] - first[cut--];
        var unit = cut == shape.Length - 1 ? block : 1;
        var step = Math.Max(1, most / inner / unit) * unit;
        var pieces = new List<DecodedPiece>();
        Add([]);
        return pieces;

        void Add(ImmutableArray<long> outer)
        {
            var axis = outer.Length;
            for (var at = first[axis]; at < end[axis]; at += axis == cut ? step : 1)
            {
                if (axis < cut)
                {
                    Add(outer.Add(at));
                    continue;
                }
                var size = ImmutableArray.CreateBuilder<long>();
                for (var d = 0; d < shape.Length; d++) size.Add(d < cut ? 1 : d == cut ? Math.Min(step, end[d] - at) : end[d] - first[d]);
                pieces.Add(new DecodedPiece(shape, [.. outer, at, .. first[(cut + 1)..]], size.ToImmutable()));
            }
        }
    }

    /// <summary>What slots of the whole tensor read of the box, as slots that count its elements.</summary>
    public ImmutableArray<LayoutSlot> Slots(ImmutableArray<LayoutSlot> slots)
    {
        var part = TensorPart.Whole(shape).Within(start, size)!;
        return [.. slots.SelectMany(slot => part.Of(slot))];
    }

    /// <summary>The elements of the box as runs that lie together in the tensor, in order.</summary>
    public IEnumerable<(long First, int Count)> Runs()
    {
        var strides = Shapes.Strides(shape);
        var axis = shape.Length - 1;
        while (axis > 0 && size[axis] == shape[axis]) axis--;
        var run = size[axis] * strides[axis];
        for (var at = 0L; at < Count; at += run)
        {
            var (first, left) = (0L, at);
            for (var d = 0; d < shape.Length; d++)
            {
                var within = 1L;
                for (var inner = d + 1; inner < shape.Length; inner++) within *= size[inner];
                first += (start[d] + (left / within)) * strides[d];
                left %= within;
            }
            yield return (first, (int)run);
        }
    }

    private static (ImmutableArray<long> First, ImmutableArray<long> End) Around(ImmutableArray<long> shape, ImmutableArray<LayoutSlot> slots, int block)
    {
        var (first, end) = (shape.ToArray(), new long[shape.Length]);
        foreach (var slot in slots)
        {
            foreach (var (d, dimension) in SlotDimension.Of(slot, shape).Index())
            {
                first[d] = Math.Min(first[d], dimension.First);
                end[d] = Math.Max(end[d], dimension.First + dimension.Loops.Sum(loop => (loop.Size - 1) * loop.TensorStride) + 1);
            }
        }
        first[^1] -= first[^1] % block;
        end[^1] += (block - (end[^1] % block)) % block;
        return ([.. first], [.. end]);
    }
}
