using static Lanyard.Arithmetic.Covers;

namespace Lanyard.Encodings.Values;

/// <summary>A part of the arithmetic, computed for many positions at once: once for each block of positions that it is the same for.</summary>
/// <param name="kind">What its numbers are.</param>
/// <param name="grain">The size of those blocks along the last axis; <see cref="Whole"/> for the whole row.</param>
internal abstract unsafe class ValueNode(NumberKind kind, long grain)
{
    /// <summary>What its numbers are.</summary>
    public NumberKind Kind => kind;

    /// <summary>The size of the blocks of positions that it is computed once for.</summary>
    public long Grain => grain;

    /// <summary>The least number that it can be, if it is a whole one.</summary>
    public long Low { get; protected init; } = long.MinValue;

    /// <summary>The largest number that it can be, if it is a whole one.</summary>
    public long High { get; protected init; } = long.MaxValue;

    /// <summary>How many buffers it needs beside the one that it fills.</summary>
    public virtual int Buffers => 0;

    /// <summary>Computes the numbers of a chunk.</summary>
    /// <param name="chunk">The chunk.</param>
    /// <param name="to">Filled: a number for each block.</param>
    /// <param name="buffers">Room for <see cref="Buffers"/>.</param>
    public abstract void Evaluate(in ValueChunk chunk, byte* to, byte* buffers);

    /// <summary>The kind of whole numbers of a range.</summary>
    protected static NumberKind Narrowest(long low, long high) => low >= int.MinValue && high <= int.MaxValue ? NumberKind.Int32 : NumberKind.Int64;
}
