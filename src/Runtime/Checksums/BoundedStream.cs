namespace Lanyard.Checksums;

/// <summary>Reads a stream to its end, which comes before a limit.</summary>
/// <param name="stream">The stream; it is not closed.</param>
/// <param name="limit">The most bytes that are read.</param>
internal sealed class BoundedStream(Stream stream, long limit) : Stream
{
    private long _read;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => _read; set => throw new NotSupportedException(); }

    /// <exception cref="FormatException">The stream has more bytes than the limit allows.</exception>
    public override int Read(Span<byte> buffer)
    {
        var count = stream.Read(buffer);
        return (_read += count) <= limit ? count : throw new FormatException($"there are more than the {limit} bytes allowed");
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
