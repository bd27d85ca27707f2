using System.Buffers;
using Lanyard.Checkpoints;
using Lanyard.Copies;
using Lanyard.Index;
using Lanyard.Memory;
using TorchSharp;

namespace Lanyard.Updates;

/// <summary>The files of a checkpoint, read for one load by all processors: what lies together in the target straight into it, all else through small buffers.</summary>
/// <param name="checkpoint">The checkpoint; it stays open meanwhile.</param>
internal sealed unsafe class CheckpointReads(Checkpoint checkpoint) : StoredFiles
{
    private const long RoomBytes = 256 << 20;

    // What is passed over between two tensors is read with them, as far as that costs less than another read.
    private const long GapBytes = 1 << 14;

    private readonly ReadRoom _room = new(RoomBytes);

    public override bool IsOwn => true;

    public override TensorSource Source(WeightUpdate update, CheckpointTensor stored, PlacedTensor place) => new ReadTensor(update, this, stored, place);

    public override IDisposable Room(long bytes) => _room.Take(bytes);

    public override torch.Tensor Whole(CheckpointTensor stored)
    {
        var whole = stored.DType.IsViewable() ? FreshTensor.Of([.. stored.Shape], stored.DType.ToScalarType(), torch.CPU, zero: false) : FreshTensor.Of([stored.Length], torch.ScalarType.Byte, torch.CPU, zero: false);
        try
        {
            if (stored.Length > 0)
            {
                var address = TensorAddress.First(whole);
                Workers.Run((int)((stored.Length + CopyBatch.PieceBytes - 1) / CopyBatch.PieceBytes), piece =>
                {
                    var first = piece * CopyBatch.PieceBytes;
                    Read(stored, first, address + (nint)first, (int)Math.Min(CopyBatch.PieceBytes, stored.Length - first));
                });
            }
            return whole;
        }
        catch
        {
            whole.Dispose();
            throw;
        }
    }

    /// <summary>Reads bytes of a tensor to an address.</summary>
    public void Read(CheckpointTensor stored, long first, nint to, int count) => checkpoint.ReadBytes(stored, first, new Span<byte>((void*)to, count));

    /// <summary>How many of the small tensors, from the first on, are read at once.</summary>
    public static int Together(ReadOnlySpan<TensorSource> sources)
    {
        var begin = ((ReadTensor)sources[0]).Stored;
        var (count, end) = (1, begin.Offset + begin.Length);
        for (; count < sources.Length; count++)
        {
            var next = ((ReadTensor)sources[count]).Stored;
            if (next.File != begin.File || next.Offset < end || next.Offset - end > GapBytes || next.Offset + next.Length - begin.Offset > CopyBatch.PieceBytes) break;
            end = next.Offset + next.Length;
        }
        return count;
    }

    /// <summary>Reads tensors at once, and tells each where it lies as long as the result is not disposed.</summary>
    /// <param name="sources">The tensors, as <see cref="Together"/> counts them.</param>
    public IDisposable Fetch(ReadOnlySpan<TensorSource> sources)
    {
        var (begin, end) = (((ReadTensor)sources[0]).Stored, ((ReadTensor)sources[^1]).Stored);
        var bytes = (int)(end.Offset + end.Length - begin.Offset);
        var buffer = new Buffer(bytes);
        try
        {
            checkpoint.ReadFrom(begin, new Span<byte>((void*)buffer.Address, bytes));
            foreach (var source in sources)
            {
                var tensor = (ReadTensor)source;
                tensor.Hold(buffer.Address + (nint)(tensor.Stored.Offset - begin.Offset));
            }
            return buffer;
        }
        catch
        {
            buffer.Dispose();
            throw;
        }
    }

    private sealed class Buffer : IDisposable
    {
        private readonly byte[] _bytes;
        private MemoryHandle _pin;

        public Buffer(int bytes)
        {
            _bytes = ArrayPool<byte>.Shared.Rent(Math.Max(bytes, 1));
            _pin = _bytes.AsMemory().Pin();
        }

        public nint Address => (nint)_pin.Pointer;

        public void Dispose()
        {
            _pin.Dispose();
            ArrayPool<byte>.Shared.Return(_bytes);
        }
    }
}
