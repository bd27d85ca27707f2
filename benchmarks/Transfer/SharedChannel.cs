using System.IO.MemoryMappedFiles;

namespace Lanyard.Benchmarks;

/// <summary>Two processes over a file in memory that both have mapped: one row for each direction, with room for two messages, so that one is filled while the other is emptied.</summary>
internal sealed unsafe class SharedChannel : ITransferChannel, IDisposable
{
    private const int Slots = 2;
    private const int SlotBytes = (4 << 20) + 4096;
    private const int HeaderBytes = 4096;

    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;
    private readonly byte* _memory;
    private readonly int _process;
    private readonly Queue<(int From, int Bytes)> _expected = [];
    private long _sent;
    private long _received;

    public SharedChannel(string path, int process)
    {
        _process = process;
        _file = MemoryMappedFile.CreateFromFile(path, FileMode.OpenOrCreate, null, 2 * RowBytes);
        _view = _file.CreateViewAccessor();
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref _memory);
    }

    private static long RowBytes => HeaderBytes + ((long)Slots * SlotBytes);

    public void Send(int to, int bytes, Action<Span<byte>> fill, CancellationToken cancellationToken)
    {
        var row = Row(_process);
        Wait(() => _sent - Volatile.Read(ref *(long*)(row + 64)) < Slots, cancellationToken);
        fill(new Span<byte>(Slot(row, _sent), bytes));
        Volatile.Write(ref *(long*)row, ++_sent);
    }

    public void Expect(int from, int bytes) => _expected.Enqueue((from, bytes));

    public void Receive(Action<ReadOnlySpan<byte>> take, CancellationToken cancellationToken)
    {
        var (from, bytes) = _expected.Dequeue();
        var row = Row(from);
        Wait(() => Volatile.Read(ref *(long*)row) > _received, cancellationToken);
        take(new ReadOnlySpan<byte>(Slot(row, _received), bytes));
        Volatile.Write(ref *(long*)(row + 64), ++_received);
    }

    // The memory is of both.
    public void Flush(CancellationToken cancellationToken)
    {
    }

    public void Dispose()
    {
        _view.SafeMemoryMappedViewHandle.ReleasePointer();
        _view.Dispose();
        _file.Dispose();
    }

    // The other process may measure something else in the meantime: whoever waits for long sleeps.
    private static void Wait(Func<bool> ready, CancellationToken cancellationToken)
    {
        for (var turn = 0; !ready(); turn++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (turn < 20_000) Thread.Yield();
            else Thread.Sleep(1);
        }
    }

    private static byte* Slot(byte* row, long number) => row + HeaderBytes + (number % Slots * SlotBytes);

    private byte* Row(int process) => _memory + (process * RowBytes);
}
