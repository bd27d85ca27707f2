namespace Lanyard.Updates;

/// <summary>Limits the bytes that are in memory at a time only because they were read. One tensor that is larger is alone.</summary>
/// <param name="limit">The most bytes.</param>
internal sealed class ReadRoom(long limit)
{
    private readonly object _gate = new();
    private long _used;

    /// <summary>Waits until there is room. Whoever has some never waits for more, so that there always will be.</summary>
    /// <param name="bytes">How much.</param>
    /// <returns>Gives it back when it is disposed.</returns>
    public IDisposable Take(long bytes)
    {
        lock (_gate)
        {
            while (_used > 0 && _used + bytes > limit) Monitor.Wait(_gate);
            _used += bytes;
        }
        return new Lease(this, bytes);
    }

    private sealed class Lease(ReadRoom room, long bytes) : IDisposable
    {
        public void Dispose()
        {
            lock (room._gate)
            {
                room._used -= bytes;
                Monitor.PulseAll(room._gate);
            }
        }
    }
}
