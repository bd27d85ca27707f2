using System.IO.Compression;
using System.Runtime.InteropServices;
using Lanyard.Checkpoints;
using Lanyard.Encodings.Gguf;
using Lanyard.Tests.Checkpoints;
using TorchSharp;

namespace Lanyard.Tests.Encodings;

public sealed class GgufBlocksTests
{
    private static readonly CheckpointType[] Known = [.. Enum.GetValues<CheckpointType>().Where(type => type.IsBlocks() && GgufBlocks.Decodes(type))];

    public static TheoryData<CheckpointType> Types => [.. Known];

    public static TheoryData<CheckpointType> Others => [.. Enum.GetValues<CheckpointType>().Except(Known)];

    /// <summary>Every code of every type with scales of all kinds, as the package gguf and the C library decode it.</summary>
    [Fact]
    public void Every_type_is_decoded_as_the_reference_does()
    {
        using var folder = new TemporaryFolder();
        using var values = Checkpoint.Open(folder.Write("types.safetensors", Unpacked(Fixtures.Path("gguf", "types.safetensors.gz"))));
        using var gguf = Checkpoint.Open(Fixtures.Path("gguf", "types.gguf"));
        var decoded = gguf.Tensors.Values.Where(tensor => GgufBlocks.Decodes(tensor.DType)).ToList();

        Assert.Equal(16, decoded.Count);
        foreach (var tensor in decoded)
        {
            var blocks = new byte[tensor.Length];
            gguf.Read(tensor, 0, blocks);
            using var expected = values.View(values.Tensors[tensor.Name]);
            var (vector, scalar) = (new float[tensor.ElementCount], new float[tensor.ElementCount]);
            GgufBlocks.Decode<float>(tensor.DType, blocks, vector);
            GgufValues.Decode<float>(tensor.DType, blocks, scalar);

            Assert.Equal(expected.shape, tensor.Shape.ToArray());
            Same(tensor.DType, expected.data<float>().ToArray(), vector);
            Same(tensor.DType, expected.data<float>().ToArray(), scalar);
        }
    }

    /// <summary>Whatever the blocks are, infinite scales and such that are no number among them.</summary>
    [Theory]
    [MemberData(nameof(Types))]
    public void Vectors_give_what_is_defined_for_each_element(CheckpointType type)
    {
        var random = new Random((int)type);
        for (var count = 1; count < 60; count++)
        {
            var blocks = new byte[count * type.BlockBytes()];
            random.NextBytes(blocks);
            var elements = count * type.BlockElements();
            var (vector, scalar, narrow, rounded) = (new float[elements], new float[elements], new ushort[elements], new ushort[elements]);
            GgufBlocks.Decode<float>(type, blocks, vector);
            GgufValues.Decode<float>(type, blocks, scalar);
            GgufBlocks.Decode<ushort>(type, blocks, narrow);
            GgufValues.Decode<ushort>(type, blocks, rounded);

            Same(type, scalar, vector);
            Assert.Equal(rounded, narrow);
            var torch = Torch(scalar);
            for (var i = 0; i < elements; i++) Assert.True(float.IsNaN(scalar[i]) ? rounded[i] == 0x7fc0 : rounded[i] == torch[i], $"{type} {i}: {scalar[i]}");
        }
    }

    /// <summary>The highest bit of a scale says nothing, as in the reference, whose file has none that is set; 127 is zero, and 255 is not.</summary>
    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 1f / 512)]
    [InlineData(7, 7f / 512)]
    [InlineData(8, 1f / 64)]
    [InlineData(0x38, 1)]
    [InlineData(126, 448)]
    [InlineData(127, 0)]
    [InlineData(128, 0)]
    [InlineData(129, 1f / 512)]
    [InlineData(0xb8, 1)]
    [InlineData(254, 448)]
    [InlineData(255, 480)]
    public void Every_byte_is_a_scale_of_NVFP4(byte scale, float expected)
    {
        // Code 2 is 1, and code 15 is -6.
        byte[] block = [scale, scale, scale, scale, .. Enumerable.Repeat((byte)0xf2, 32)];
        var (vector, scalar) = (new float[64], new float[64]);
        GgufBlocks.Decode<float>(CheckpointType.NVFP4, block, vector);
        GgufValues.Decode<float>(CheckpointType.NVFP4, block, scalar);

        Assert.Equal([.. Enumerable.Range(0, 64).Select(i => i % 16 < 8 ? expected : -6 * expected)], vector);
        Assert.Equal(vector, scalar);
    }

    [Theory]
    [MemberData(nameof(Others))]
    public void Other_types_are_not_decoded(CheckpointType type)
    {
        Assert.False(GgufBlocks.Decodes(type));
        Assert.Throws<ArgumentOutOfRangeException>(() => GgufBlocks.Decode<float>(type, new byte[type.BlockBytes()], new float[type.BlockElements()]));
    }

    [Theory]
    [InlineData(35, 32)]
    [InlineData(34, 33)]
    [InlineData(34, 31)]
    [InlineData(68, 32)]
    public void Bytes_and_elements_must_agree(int bytes, int elements) =>
        Assert.Throws<ArgumentException>(() => GgufBlocks.Decode<float>(CheckpointType.Q8_0, new byte[bytes], new float[elements]));

    private static byte[] Unpacked(string path)
    {
        using var stream = new GZipStream(File.OpenRead(path), CompressionMode.Decompress);
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }

    private static void Same(CheckpointType type, float[] expected, float[] found)
    {
        Assert.Equal(expected.Length, found.Length);
        for (var i = 0; i < found.Length; i++)
        {
            Assert.True(BitConverter.SingleToUInt32Bits(expected[i]) == BitConverter.SingleToUInt32Bits(found[i]) || (float.IsNaN(expected[i]) && float.IsNaN(found[i])), $"{type} {i}: {expected[i]}, not {found[i]}");
        }
    }

    private static ushort[] Torch(float[] values)
    {
        using var scope = torch.NewDisposeScope();
        return MemoryMarshal.Cast<byte, ushort>(torch.tensor(values).to(torch.ScalarType.BFloat16).bytes).ToArray();
    }
}
