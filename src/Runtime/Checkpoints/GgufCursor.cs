using System.Buffers.Binary;

namespace Lanyard.Checkpoints;

/// <summary>
/// Reads the header of a GGUF file from its beginning on. Every number of bytes is compared with what is left of the file before memory
/// is taken for it.
/// </summary>
/// <param name="path">The file, for messages.</param>
/// <param name="length">The size of the file in bytes.</param>
/// <param name="read">Fills a span from the file, given where to begin.</param>
internal sealed class GgufCursor(string path, long length, GgufCursor.Reader read)
{
    private const int FirstBytes = 1 << 16;

    private byte[] _bytes = [];
    private int _at;

    /// <summary>Fills a span from a file.</summary>
    public delegate void Reader(long offset, Span<byte> destination);

    /// <summary>The file.</summary>
    public string Path => path;

    /// <summary>The size of the file in bytes.</summary>
    public long Length => length;

    /// <summary>Where the next byte is, from the beginning of the file.</summary>
    public int At => _at;

    /// <summary>The bytes that are left of the file.</summary>
    public ulong Left => (ulong)(length - _at);

    /// <summary>Bytes that were read before.</summary>
    public ReadOnlyMemory<byte> Before(int start, int end) => _bytes.AsMemory(start, end - start);

    /// <summary>Takes the next bytes.</summary>
    /// <param name="count">How many.</param>
    /// <param name="what">What they are, for messages.</param>
    /// <exception cref="CheckpointException">The file ends before them.</exception>
    public ReadOnlySpan<byte> Take(ulong count, string what)
    {
        Demand(count, 1, what);
        int end = (ulong)_at + count <= SafetensorsHeader.MaxLength
            ? _at + (int)count
            : throw Error(_at, $"the header is longer than the {SafetensorsHeader.MaxLength} bytes allowed.");
        if (end > _bytes.Length)
        {
            byte[] more = GC.AllocateUninitializedArray<byte>((int)Math.Min(length, Math.Max(end, Math.Max(FirstBytes, 2L * _bytes.Length))));
            _bytes.CopyTo(more, 0);
            read(_bytes.Length, more.AsSpan(_bytes.Length));
            _bytes = more;
        }

        ReadOnlySpan<byte> taken = _bytes.AsSpan(_at, (int)count);
        _at = end;
        return taken;
    }

    /// <summary>Takes a number.</summary>
    public uint U32(string what) => BinaryPrimitives.ReadUInt32LittleEndian(Take(sizeof(uint), what));

    /// <inheritdoc cref="U32"/>
    public ulong U64(string what) => BinaryPrimitives.ReadUInt64LittleEndian(Take(sizeof(ulong), what));

    /// <summary>Checks that the file is long enough for so many things.</summary>
    /// <param name="count">How many.</param>
    /// <param name="least">The bytes that each has at least.</param>
    /// <param name="what">What they are, for messages.</param>
    /// <exception cref="CheckpointException">It is not.</exception>
    public void Demand(ulong count, uint least, string what)
    {
        if (count > Left / least)
        {
            throw Error(_at, $"{what}: the file ends {Left} bytes after this, too early for {count}{(least == 1 ? " bytes" : "")}.");
        }
    }

    /// <summary>A problem.</summary>
    /// <param name="at">The byte.</param>
    /// <param name="problem">What is wrong there.</param>
    public CheckpointException Error(int at, string problem) => new(path, $"byte {at}: {problem}");
}
