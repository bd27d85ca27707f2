namespace Lanyard.Benchmarks;

/// <summary>Over memory that both processes have.</summary>
internal sealed unsafe class SharedPair(string path, int process) : Pair(process)
{
    private const int ChunkBytes = 4 << 20;

    private readonly SharedChannel _channel = new(path, process);

    public override ITransferChannel Channel => _channel;

    public override string Name => "shared memory";

    public override void Exchange(Memory given, Memory taken)
    {
        for (var at = 0L; at < Math.Max(given.Bytes, taken.Bytes); at += ChunkBytes)
        {
            var (sent, received) = ((int)Math.Clamp(given.Bytes - at, 0, ChunkBytes), (int)Math.Clamp(taken.Bytes - at, 0, ChunkBytes));
            if (sent > 0) _channel.Send(1 - Process, sent, message => new Span<byte>((void*)(given.Address + (nint)at), sent).CopyTo(message), Token);
            if (received == 0) continue;
            _channel.Expect(1 - Process, received);
            _channel.Receive(message => message.CopyTo(new Span<byte>((void*)(taken.Address + (nint)at), received)), Token);
        }
    }

    public override void Dispose()
    {
        _channel.Dispose();
        base.Dispose();
    }
}
