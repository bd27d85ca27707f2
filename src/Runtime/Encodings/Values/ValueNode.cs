using static Lanyard.Arithmetic.Covers;

namespace Lanyard.Encodings.Values;

/// <summary>A part of the arithmetic, computed for many positions at once: once for each block of positions that it is the same for.</summary>
/// <param name="kind">What its numbers are.</param>
/// <param name="grain">The size of those blocks along the last axis; <see cref="Whole"/> for the whole row.</param>
// The loops over numbers are compiled with all optimisations at once: a load is over before they would be compiled anew.
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

    /// <summary>Whether the codes are part of it.</summary>
    public virtual bool HasCode => false;

    /// <summary>The places of the coverings of the companions that are part of it.</summary>
    public virtual IEnumerable<int> Coverings => [];

    /// <summary>How many buffers it needs beside the one that it fills.</summary>
    public virtual int Buffers => 0;

    /// <summary>Computes the numbers of a chunk.</summary>
    /// <param name="chunk">The chunk.</param>
    /// <param name="to">Room for a number for each block.</param>
    /// <param name="buffers">Room for <see cref="Buffers"/>.</param>
    /// <returns>Where the numbers are: in that room, or somewhere else, to be read only.</returns>
    public abstract byte* Evaluate(in ValueChunk chunk, byte* to, byte* buffers);

    /// <summary>Computes the values of a chunk, as bfloat16.</summary>
    /// <param name="chunk">The chunk.</param>
    /// <param name="to">Filled: a value for each position.</param>
    /// <param name="buffers">Room for one more than <see cref="Buffers"/>.</param>
    public virtual void EvaluateNarrow(in ValueChunk chunk, ushort* to, byte* buffers) =>
        Spread(chunk, (float*)Evaluate(chunk, buffers, buffers + ValueChunk.BufferBytes), to);

    /// <summary>Computes the values of a chunk, as float32.</summary>
    /// <inheritdoc cref="EvaluateNarrow"/>
    public void EvaluateWide(in ValueChunk chunk, float* to, byte* buffers)
    {
        var numbers = (float*)Evaluate(chunk, Grain == 1 ? (byte*)to : buffers, buffers + ValueChunk.BufferBytes);
        if (numbers != to) Spread(chunk, numbers, to);
    }

    /// <summary>The kind of whole numbers of a range.</summary>
    protected static NumberKind Narrowest(long low, long high) => low >= int.MinValue && high <= int.MaxValue ? NumberKind.Int32 : NumberKind.Int64;

    /// <summary>Writes the number of each block to all of its positions.</summary>
    private void Spread<T>(in ValueChunk chunk, float* numbers, T* to) where T : unmanaged
    {
        if (grain == 1)
        {
            Narrowing.Copy(numbers, chunk.Count, to);
        }
        else
        {
            for (var i = 0; i < chunk.Count; i++) Narrowing.Store(numbers[grain == 0 ? 0 : ((chunk.Position + i) / grain) - (chunk.Position / grain)], to + i);
        }
    }
}
