using System.Collections.Immutable;

namespace Lanyard.Layouts;

/// <summary>Which indices of an axis a rank holds, in which order. A range costs the same at any length.</summary>
public sealed class AxisShare : IEquatable<AxisShare>
{
    private readonly ImmutableArray<IndexRun> _runs;
    private readonly bool _padded;
    private readonly long _padding;

    private AxisShare(ImmutableArray<IndexRun> runs, bool padded = false, long padding = 0)
    {
        _runs = runs;
        _padded = padded;
        _padding = padding;
    }

    /// <summary>Every index, in order.</summary>
    // No array at all: an empty one is a rank that holds nothing.
    public static AxisShare All { get; } = new(default);

    /// <summary>Whether this is <see cref="All"/>.</summary>
    public bool IsAll => _runs.IsDefault;

    /// <summary>A contiguous range.</summary>
    /// <param name="start">The first index.</param>
    /// <param name="count">How many indices; zero for none.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is negative.</exception>
    public static AxisShare Range(long start, long count) => new(Single(start, count));

    /// <summary>
    /// A contiguous range that may reach past the end of the axis, for an axis that is rounded up first and split afterwards.
    /// Positions past the end are held, but no element lies there: they are padding.
    /// </summary>
    /// <param name="start">The first index.</param>
    /// <param name="count">How many positions are held.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is negative.</exception>
    public static AxisShare PaddedRange(long start, long count) => new(Single(start, count), padded: true);

    /// <summary>A contiguous range, and positions after it in which no element lies: they are padding.</summary>
    /// <param name="start">The first index.</param>
    /// <param name="count">How many indices; zero for none.</param>
    /// <param name="padding">How many positions come after them.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is negative.</exception>
    public static AxisShare RangeThenPadding(long start, long count, long padding) =>
        new(Single(start, count), padding: padding >= 0 ? padding : throw new ArgumentOutOfRangeException(nameof(padding)));

    /// <summary>Any indices, in the order in which the rank holds them. One that comes several times has as many places.</summary>
    /// <param name="indices">The indices.</param>
    /// <exception cref="ArgumentException">An index is negative.</exception>
    public static AxisShare List(ImmutableArray<long> indices)
    {
        var runs = ImmutableArray.CreateBuilder<IndexRun>();
        foreach (var index in indices)
        {
            if (index < 0)
                throw new ArgumentException("An index of an axis cannot be negative.", nameof(indices));
            if (runs.Count > 0 && Extend(runs[runs.Count - 1], index) is { } longer)
                runs[runs.Count - 1] = longer;
            else
                runs.Add(new IndexRun(index, 1));
        }
        return new AxisShare(runs.ToImmutable());
    }

    /// <summary>How many positions the rank holds, padding included.</summary>
    /// <param name="size">The size of the axis.</param>
    public long Count(long size)
    {
        if (IsAll)
            return size;
        var count = _padding;
        foreach (var run in _runs)
            count += run.Count;
        return count;
    }

    /// <summary>The indices that the rank holds and that exist, as runs with constant steps, in the order of the rank.</summary>
    /// <param name="size">The size of the axis.</param>
    public ImmutableArray<IndexRun> Runs(long size)
    {
        if (IsAll)
            return Single(0, size);
        return _padded && _runs.Length > 0 && _runs[0].Last >= size
            ? Single(_runs[0].Start, Math.Max(0, size - _runs[0].Start))
            : _runs;
    }

    /// <summary>Two shares are equal when they hold the same indices in the same order.</summary>
    public bool Equals(AxisShare? other) =>
        other is not null && _padded == other._padded && _padding == other._padding && Sequences.Same(_runs, other._runs);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as AxisShare);

    /// <inheritdoc/>
    public override int GetHashCode() => Sequences.Hash(_runs);

    /// <summary>The indices, shortened: <c>0..3, 8..14 step 2</c>.</summary>
    public override string ToString()
    {
        if (IsAll)
            return "all";
        var held = _runs.IsEmpty ? "none" : string.Join(", ", _runs.Select(Describe));
        return _padding == 0 ? held : FormattableString.Invariant($"{held} and padding of {_padding}");
    }

    /// <summary>Whether every index exists in an axis of a size, or is padding by declaration.</summary>
    internal bool Fits(long size)
    {
        if (IsAll || _padded)
            return true;
        foreach (var run in _runs)
        {
            // Divided, for the last index of a run that a file describes may be past the end of 64 bits.
            if (run.Start >= size || run.Count - 1 > (size - 1 - run.Start) / run.Step)
                return false;
        }
        return true;
    }

    private static ImmutableArray<IndexRun> Single(long start, long count)
    {
        if (start < 0)
            throw new ArgumentOutOfRangeException(nameof(start));
        if (count < 0)
            throw new ArgumentOutOfRangeException(nameof(count));
        return count == 0 ? [] : [new IndexRun(start, count)];
    }

    // Steps stay positive, so that no stride of a slot is ever negative.
    private static IndexRun? Extend(IndexRun run, long index) => run switch
    {
        { Count: 1 } when index > run.Start => new IndexRun(run.Start, 2, index - run.Start),
        { Count: > 1 } when index == run.Last + run.Step => run with { Count = run.Count + 1 },
        _ => null,
    };

    private static string Describe(IndexRun run) => run switch
    {
        { Count: 1 } => FormattableString.Invariant($"{run.Start}"),
        { Step: 1 } => FormattableString.Invariant($"{run.Start}..{run.Last}"),
        _ => FormattableString.Invariant($"{run.Start}..{run.Last} step {run.Step}"),
    };
}
