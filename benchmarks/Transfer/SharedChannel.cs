using System.IO.MemoryMappedFiles;

namespace Lanyard.Benchmarks;

/// <summary>Two processes over a file in memory that both have mapped: one row for each direction, with room for two chunks, so that one is filled while the other is emptied.</summary>
internal sealed unsafe class SharedChannel : ITransferChannel, IDisposable
{
    private const int Slots = 2;
    private const int SlotBytes = (4 << 20) + 4096;
    private const int HeaderBytes = 256;

    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;
    private readonly byte* _memory;
    private readonly int _process;
    private long _sent;
    private long _received;

    public SharedChannel(string path, int process)
    {
        _process = process;
        _file = MemoryMappedFile.CreateFromFile(path, FileMode.OpenOrCreate, null, 2 * (HeaderBytes + (Slots * (long)SlotBytes)));
        _view = _file.CreateViewAccessor();
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref _memory);
    }

    public void Exchange(int to, ReadOnlySpan<byte> sent, int from, Span<byte> received, CancellationToken cancellationToken)
    {
        if (to >= 0)
        {
            var row = Row(_process);
            Wait(() => _sent - Volatile.Read(ref *(long*)(row + 64)) < Slots);
            sent.CopyTo(new Span<byte>(Slot(row, _sent), SlotBytes));
            Volatile.Write(ref *(long*)row, ++_sent);
        }
        if (from < 0) return;
        var other = Row(from);
        Wait(() => Volatile.Read(ref *(long*)other) > _received);
        new ReadOnlySpan<byte>(Slot(other, _received), received.Length).CopyTo(received);
        Volatile.Write(ref *(long*)(other + 64), ++_received);
    }

    public void Dispose()
    {
        _view.SafeMemoryMappedViewHandle.ReleasePointer();
        _view.Dispose();
        _file.Dispose();
    }

    private static void Wait(Func<bool> ready)
    {
        var spin = new SpinWait();
        while (!ready()) spin.SpinOnce(sleep1Threshold: -1);
    }

    private static byte* Slot(byte* row, long number) => row + HeaderBytes + (number % Slots * SlotBytes);

    private byte* Row(int process) => _memory + (process * (HeaderBytes + (Slots * (long)SlotBytes)));
}
