using Lanyard.Distributed.Messages;
using static TorchSharp.torch;

namespace Lanyard.Distributed;

/// <summary>
/// Messages between two processes of a job, of bytes that both know the number of: from memory to memory, of any size. Made by <see cref="MpiRuntime"/>. Threads may send and receive at once,
/// with a tag each.
/// </summary>
public sealed unsafe class MpiMessages
{
    private readonly Communicator _ranks;

    internal MpiMessages(Communicator ranks) => _ranks = ranks;

    /// <summary>The number of this process.</summary>
    public int Rank => _ranks.Rank;

    /// <summary>How many processes there are.</summary>
    public int Size => _ranks.Size;

    /// <summary>Messages that will be under way at once. What two ranks send each other they begin in one batch: each of two that send first may wait for the other for ever.</summary>
    public MpiBatch Begin() => new(_ranks);

    /// <summary>Sends, and returns when the memory may be changed.</summary>
    /// <inheritdoc cref="MpiBatch.Send"/>
    public void Send(int to, int tag, nint address, long bytes)
    {
        var batch = Begin();
        batch.Send(to, tag, address, bytes);
        batch.Wait();
    }

    /// <summary>Receives, and returns when all is there.</summary>
    /// <inheritdoc cref="MpiBatch.Receive"/>
    public void Receive(int from, int tag, nint address, long bytes)
    {
        var batch = Begin();
        batch.Receive(from, tag, address, bytes);
        batch.Wait();
    }

    /// <inheritdoc cref="Send(int, int, nint, long)"/>
    public void Send(int to, int tag, ReadOnlySpan<byte> bytes)
    {
        fixed (byte* address = bytes) Send(to, tag, (nint)address, bytes.Length);
    }

    /// <inheritdoc cref="Receive(int, int, nint, long)"/>
    public void Receive(int from, int tag, Span<byte> bytes)
    {
        fixed (byte* address = bytes) Receive(from, tag, (nint)address, bytes.Length);
    }

    /// <summary>Sends the elements of a tensor, in order, from its own memory where they lie so.</summary>
    /// <param name="to">The rank to send to.</param>
    /// <param name="tag">Keeps messages apart, 0 to 32767.</param>
    /// <param name="value">The tensor, on any device; the receiver knows its shape and type.</param>
    /// <exception cref="MpiException">It could not be sent.</exception>
    public void Send(int to, int tag, Tensor value)
    {
        ArgumentNullException.ThrowIfNull(value);
        using var scope = NewDisposeScope();
        var sent = OwnMemory.Of(value);
        Send(to, tag, TensorAddress.Of(sent), OwnMemory.Bytes(sent));
        GC.KeepAlive(sent);
    }

    /// <summary>Receives the elements of a tensor, in order, into its own memory.</summary>
    /// <param name="from">The rank that sends.</param>
    /// <param name="tag">The number that the sender gives.</param>
    /// <param name="into">The tensor, of the shape and type of what is sent, contiguous and in the processor's memory.</param>
    /// <exception cref="ArgumentException">It is not contiguous, or on another device.</exception>
    /// <exception cref="MpiException">It could not be received.</exception>
    public void Receive(int from, int tag, Tensor into)
    {
        ArgumentNullException.ThrowIfNull(into);
        if (!into.is_contiguous()) throw new ArgumentException($"What comes is written in order, and this tensor of shape [{string.Join(", ", into.shape)}] has strides [{string.Join(", ", into.stride())}].", nameof(into));
        Receive(from, tag, TensorAddress.Of(into), OwnMemory.Bytes(into));
        GC.KeepAlive(into);
    }
}
