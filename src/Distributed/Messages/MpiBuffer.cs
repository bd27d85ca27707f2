using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Lanyard.Distributed.Messages;

/// <summary>Memory that one message at a time is sent from or received into.</summary>
internal sealed unsafe class MpiBuffer(MpiMessages messages)
{
    // MPI reads and writes what is under way whether or not anybody here still knows of it: for ever, where the waiting was stopped.
    private static readonly ConcurrentDictionary<MpiBuffer, bool> UnderWay = [];

    private readonly MpiBatch _batch = messages.Begin();
    private byte[] _memory = [];
    private int _length;

    /// <summary>The message.</summary>
    public Span<byte> Bytes => _memory.AsSpan(0, _length);

    private nint Address => (nint)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_memory));

    /// <summary>Memory for a message. Nothing may be under way.</summary>
    public Span<byte> Take(int bytes)
    {
        if (_memory.Length < bytes) _memory = GC.AllocateUninitializedArray<byte>(bytes, pinned: true);
        _length = bytes;
        return Bytes;
    }

    /// <summary>Begins to send it.</summary>
    public void Send(int to, int tag)
    {
        UnderWay[this] = true;
        _batch.Send(to, tag, Address, _length);
    }

    /// <summary>Begins to receive it.</summary>
    public void Receive(int from, int tag)
    {
        UnderWay[this] = true;
        _batch.Receive(from, tag, Address, _length);
    }

    /// <summary>Waits until it has gone or come, or until it is told to stop.</summary>
    /// <returns>Whether it has.</returns>
    public bool Wait(CancellationToken cancellationToken)
    {
        if (!_batch.Wait(cancellationToken)) return false;
        UnderWay.TryRemove(this, out _);
        return true;
    }
}
