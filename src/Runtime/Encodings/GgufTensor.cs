using Lanyard.Checkpoints;
using Lanyard.Encodings.Gguf;
using TorchSharp;

namespace Lanyard.Encodings;

/// <summary>A tensor of blocks, whose values are decoded when they are asked for.</summary>
/// <param name="type">The type of the blocks, one that is decoded.</param>
/// <param name="bytes">Their bytes, contiguous and in main memory.</param>
internal sealed unsafe class GgufTensor(CheckpointType type, torch.Tensor bytes) : IDecodedValues
{
    private readonly byte* _blocks = (byte*)TensorAddress.Reach(bytes);

    public int Block => type.BlockElements();

    public void Decode(long first, Span<float> values) => DecodeBlocks(first, values);

    public void Decode(long first, Span<ushort> values) => DecodeBlocks(first, values);

    private void DecodeBlocks<T>(long first, Span<T> values) where T : unmanaged
    {
        var (elements, size) = (type.BlockElements(), type.BlockBytes());
        GgufBlocks.Decode(type, new ReadOnlySpan<byte>(_blocks + (first / elements * size), values.Length / elements * size), values);
        GC.KeepAlive(bytes);
    }
}
