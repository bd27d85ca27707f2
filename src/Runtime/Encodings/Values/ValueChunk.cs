namespace Lanyard.Encodings.Values;

/// <summary>Some positions in a row, all along the last axis, that are computed together.</summary>
internal readonly unsafe ref struct ValueChunk
{
    /// <summary>The most positions.</summary>
    public const int Most = 1024;

    /// <summary>The bytes of a buffer, of as many numbers of any kind.</summary>
    public const int BufferBytes = (Most * sizeof(long)) + Alignment;

    /// <summary>Where buffers begin; between them lies as much, so that none is a power of two away from another.</summary>
    public const int Alignment = 64;

    /// <summary>The place of the first position among all.</summary>
    public required long First { get; init; }

    /// <summary>Its place along the last axis.</summary>
    public required long Position { get; init; }

    /// <summary>How many positions.</summary>
    public required int Count { get; init; }

    /// <summary>For each <see cref="Covering"/>, which of its blocks the row begins with.</summary>
    public required ReadOnlySpan<long> Bases { get; init; }

    /// <summary>What is held of these columns from one row to the next, or null.</summary>
    public required byte* Held { get; init; }

    /// <summary>How many blocks of a size lie in the chunk, in whole or in part.</summary>
    /// <param name="grain">The size; <see cref="Arithmetic.Covers.Whole"/> for the whole row.</param>
    public int Cells(long grain) => grain == 0 ? 1 : grain == 1 ? Count : (int)(((Position + Count - 1) / grain) - (Position / grain)) + 1;
}
