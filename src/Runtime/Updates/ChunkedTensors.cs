using System.Collections.Concurrent;
using System.Collections.Immutable;
using Lanyard.Index;
using TorchSharp;

namespace Lanyard.Updates;

/// <summary>Puts tensors together that come in chunks and are decoded with others, in any order and from any thread.</summary>
internal sealed class ChunkedTensors : IDisposable
{
    private readonly ConcurrentDictionary<ModelTensor, GatheredTensor> _rooms = [];

    /// <summary>Brings a chunk.</summary>
    /// <param name="place">What it is taken for.</param>
    /// <param name="value">The elements.</param>
    /// <returns>The tensor, contiguous and the caller's, once all of it is there; else null.</returns>
    public torch.Tensor? Put(PlacedTensor place, torch.Tensor value)
    {
        var (chunk, room) = (place.Chunk!, _rooms.GetOrAdd(place.Tensor, static _ => new GatheredTensor()));
        lock (room)
        {
            using var noGrad = torch.no_grad();
            room.Add(chunk, value);

            // The last one in the books need not be the last one that is written.
            room.Shape ??= chunk.Whole;
            if (room.Shape is not { } shape || room.Written < shape.Aggregate(1L, (count, size) => count * size)) return null;
            _rooms.TryRemove(place.Tensor, out _);
            return room.Whole(shape);
        }
    }

    public void Dispose()
    {
        foreach (var room in _rooms.Values) room.Value?.Dispose();
        _rooms.Clear();
    }

    private sealed class GatheredTensor
    {
        public torch.Tensor? Value { get; private set; }

        public long Written { get; private set; }

        /// <summary>The shape of the tensor, once its last chunk came.</summary>
        public ImmutableArray<long>? Shape { get; set; }

        public void Add(TensorChunk chunk, torch.Tensor value)
        {
            Value ??= torch.empty([.. chunk.Room], value.dtype, value.device).DetachFromDisposeScope();
            using var scope = torch.NewDisposeScope();
            Within([.. chunk.Start], value.shape).copy_(value);
            Written += value.numel();
        }

        /// <summary>The tensor, of which nothing is kept.</summary>
        public torch.Tensor Whole(ImmutableArray<long> shape)
        {
            using var scope = torch.NewDisposeScope();
            var whole = Within(new long[shape.Length], [.. shape]).contiguous().DetachFromDisposeScope();
            Value!.Dispose();
            Value = null;
            return whole;
        }

        private torch.Tensor Within(long[] start, long[] size)
        {
            var within = Value!.alias();
            for (var d = 0; d < size.Length; d++) within = within.narrow(d, start[d], size[d]);
            return within;
        }
    }
}
