using System.Collections.Immutable;
using Lanyard.Arithmetic;

namespace Lanyard.Encodings.Values;

/// <summary>Which element of a companion covers a position.</summary>
internal sealed class Covering
{
    private readonly long[] _blocks;
    private readonly long[] _counts;
    private readonly long[] _strides;

    private Covering(long[] blocks, long[] counts, int throughAxis)
    {
        (_blocks, _counts, _strides, ThroughAxis) = (blocks, counts, new long[blocks.Length], throughAxis);
        for (var (d, stride) = (blocks.Length - 1, 1L); d >= 0; stride *= counts[d--]) _strides[d] = stride;
    }

    /// <summary>The axis along which numbers say which block it is, or -1.</summary>
    public int ThroughAxis { get; }

    /// <summary>The numbers that say it, one for each element of the companion that has them.</summary>
    public ImmutableArray<long> Numbers { get; private init; }

    /// <summary>The place of the covering of the companion that has the numbers, or -1.</summary>
    public int NumbersPlace { get; private init; } = -1;

    /// <summary>The number of elements along each axis.</summary>
    public ImmutableArray<long> Grid => [.. _counts];

    /// <summary>The size of the blocks along the last axis; <see cref="Covers.Whole"/> for all of it.</summary>
    public long Grain => _blocks[^1];

    /// <summary>The size of the blocks along an axis; <see cref="Covers.Whole"/> for all of it.</summary>
    public long Block(int axis) => _blocks[axis];

    /// <summary>What blocks of a size cover.</summary>
    /// <param name="covers">The size.</param>
    /// <param name="shape">The shape of the values.</param>
    public static Covering Of(Covers covers, ImmutableArray<long> shape)
    {
        // One block that is larger than the axis is all of it.
        var blocks = covers.Blocks(shape.Length).Select((block, d) => block >= shape[d] ? Covers.Whole : block);
        return new Covering([.. blocks], [.. covers.Grid(shape)], -1);
    }

    /// <summary>The same, but that along one axis numbers say which block it is.</summary>
    /// <param name="axis">The axis.</param>
    /// <param name="numbers">The numbers.</param>
    /// <param name="place">The place of the covering of the companion that has them.</param>
    public Covering Through(int axis, ImmutableArray<long> numbers, int place) => new(_blocks, _counts, axis) { Numbers = numbers, NumbersPlace = place };

    /// <summary>Whether an axis and the one after it can be one.</summary>
    public bool Merges(int axis, ImmutableArray<long> shape) => axis != ThroughAxis && axis + 1 != ThroughAxis && (_blocks[axis], _blocks[axis + 1]) switch
    {
        (_, Covers.Whole) => true,
        (1, var block) => shape[axis + 1] % block == 0,
        _ => false,
    };

    /// <summary>The same over axes of which two are one.</summary>
    /// <param name="axis">The first of the two.</param>
    /// <param name="shape">The shape before.</param>
    public Covering Merge(int axis, ImmutableArray<long> shape)
    {
        var block = (_blocks[axis], _blocks[axis + 1]) switch
        {
            (var outer, Covers.Whole) => outer * shape[axis + 1],
            (_, var inner) => inner,
        };
        return new Covering(
            [.. _blocks[..axis], block, .. _blocks[(axis + 2)..]],
            [.. _counts[..axis], _counts[axis] * _counts[axis + 1], .. _counts[(axis + 2)..]],
            ThroughAxis > axis ? ThroughAxis - 1 : ThroughAxis)
        { Numbers = Numbers, NumbersPlace = NumbersPlace };
    }

    /// <summary>The element of the first position of a row, where no number is asked for.</summary>
    /// <param name="row">The place along each axis; zero along the last.</param>
    public long Base(ReadOnlySpan<long> row)
    {
        var element = 0L;
        for (var d = 0; d < row.Length - 1; d++)
        {
            if (d != ThroughAxis && _blocks[d] != Covers.Whole) element += row[d] / _blocks[d] * _strides[d];
        }
        return element;
    }

    /// <summary>The element of the first position of a row, with the number along an axis before the last.</summary>
    /// <param name="bases">What <see cref="Base(ReadOnlySpan{long})"/> says.</param>
    /// <param name="numbersBase">What <see cref="Base(ReadOnlySpan{long})"/> says of the companion that has the numbers.</param>
    public long Base(long bases, long numbersBase) => bases + (Numbers[(int)numbersBase] * _strides[ThroughAxis]);

    /// <summary>The element of a position, where numbers are other ones along the last axis.</summary>
    /// <param name="bases">What <see cref="Base(ReadOnlySpan{long})"/> says.</param>
    /// <param name="numbersBase">What <see cref="Base(ReadOnlySpan{long})"/> says of the companion that has the numbers.</param>
    /// <param name="numbers">What that companion covers.</param>
    /// <param name="position">The place along the last axis.</param>
    public long Element(long bases, long numbersBase, Covering numbers, long position) =>
        (ThroughAxis == _blocks.Length - 1 ? bases : bases + Along(position)) + (Numbers[(int)(numbersBase + numbers.Along(position))] * _strides[ThroughAxis]);

    private long Along(long position) => _blocks[^1] == Covers.Whole ? 0 : position / _blocks[^1];
}
