using System.Runtime.InteropServices;
using System.Text.Json;
using Lanyard.Checkpoints;
using TorchSharp;

namespace Lanyard.Tests.Checkpoints;

public class GgufFileTests
{
    private static readonly byte[] Four = [1, 2, 3, 4];

    [Fact]
    public void Every_kind_of_metadata_is_read()
    {
        using Checkpoint checkpoint = Checkpoint.Open(Fixtures.Path("gguf", "types.gguf"));
        using JsonDocument expected = JsonDocument.Parse(File.ReadAllText(Fixtures.Path("gguf", "types.json")));
        List<JsonProperty> values = [.. expected.RootElement.GetProperty("metadata").EnumerateObject()];

        Assert.Equal(values.Select(value => value.Name), checkpoint.TypedMetadata.Keys);
        Assert.All(values, value => Assert.Equal(Text(value.Value[0].GetString()!, value.Value[1]), Text(checkpoint.TypedMetadata[value.Name])));
        Assert.Empty(checkpoint.Metadata);
    }

    [Fact]
    public void What_is_asked_for_must_be_there()
    {
        using TemporaryFolder folder = new();
        string path = folder.Write("x.gguf", new GgufFile().With("a.count", 300u).With("a.name", "x").With("a.bad", new byte[] { 0xff }).With("a.list", new[] { 1, -1 }).Bytes());
        using Checkpoint checkpoint = Checkpoint.Open(path);
        IReadOnlyDictionary<string, MetadataValue> metadata = checkpoint.TypedMetadata;

        Assert.Equal(300, metadata["a.count"].Integer<int>());
        Refuses("\"a.count\" is 300, out of the range of Byte", () => metadata["a.count"].Integer<byte>());
        Refuses("\"a.list[1]\" is -1, out of the range of UInt64", () => metadata["a.list"].Items[1].Integer<ulong>());
        Refuses("\"a.count\" is U32, not a text", () => metadata["a.count"].Text);
        Refuses("\"a.count\" is U32, not a floating-point number", () => metadata["a.count"].Number);
        Refuses("\"a.count\" is U32, not an array", () => metadata["a.count"].Items);
        Refuses("\"a.name\" is Text, not an integer", () => metadata["a.name"].Integer<long>());
        Refuses("\"a.name\" is Text, not a truth value", () => metadata["a.name"].Boolean);
        Refuses("\"a.bad\" is not UTF-8", () => metadata["a.bad"].Text);

        void Refuses(string problem, Func<object> ask) => Assert.Contains($"{path}: metadata {problem}", Assert.Throws<CheckpointException>(ask).Message);
    }

    [Theory]
    [InlineData("aligned-256", 256)]
    [InlineData("version-2-aligned-8", 8)]
    public void Alignments_and_shapes_are_read(string name, int alignment)
    {
        using Checkpoint gguf = Checkpoint.Open(Fixtures.Path("gguf", name + ".gguf"));
        using Checkpoint values = Checkpoint.Open(Fixtures.Path("gguf", name + ".safetensors"));

        Assert.Equal(values.Tensors.Keys.Order(), gguf.Tensors.Keys.Order());
        foreach (CheckpointTensor tensor in gguf.Tensors.Values)
        {
            CheckpointTensor expected = values.Tensors[tensor.Name];
            Assert.Equal(0, tensor.Offset % alignment);
            Assert.Equal([.. expected.Shape], tensor.Shape.ToArray());
            Assert.Equal(expected.ElementCount, tensor.ElementCount);
            if (tensor.DType.IsBlocks())
            {
                continue;
            }

            using torch.Tensor view = gguf.View(tensor);
            using torch.Tensor value = values.View(expected);
            Assert.Equal(Convert.ToHexString(value.bytes), Convert.ToHexString(Widened(tensor.DType, view.bytes)));
        }
    }

    [Fact]
    public void Blocks_have_no_view_but_bytes()
    {
        byte[] bytes = [.. Enumerable.Range(0, 68).Select(i => (byte)i)];
        using TemporaryFolder folder = new();
        string path = folder.Write("x.gguf", new GgufFile().Tensor("w", 8, [2, 32], bytes).Bytes());
        using Checkpoint checkpoint = Checkpoint.Open(path);
        CheckpointTensor tensor = checkpoint.Tensors["w"];
        byte[] read = new byte[68];
        checkpoint.Read(tensor, 0, read);

        Assert.Equal(bytes, read);
        Assert.Equal("w Q8_0 [2, 32]", $"{tensor}");
        Assert.Equal((64L, 68L), (tensor.ElementCount, tensor.Length));
        Assert.Contains($"{path}: tensor \"w\": Q8_0 is 32 elements in 34 bytes, of which there is no view", Assert.Throws<CheckpointException>(() => checkpoint.View(tensor)).Message);
    }

    [Fact]
    public void A_file_is_known_by_its_letters_or_by_its_name()
    {
        using TemporaryFolder folder = new();
        string named = folder.Write("x.bin", new GgufFile().Tensor("w", 24, [4], Four).Bytes());
        using (Checkpoint checkpoint = Checkpoint.Open(named))
        {
            Assert.Equal(["w"], checkpoint.Tensors.Keys);
        }

        string other = folder.Write("x.gguf", TemporaryFolder.Pack("{}", []));
        Assert.Contains("the file is in the safetensors format, and its name says GGUF", Assert.Throws<CheckpointException>(() => Checkpoint.Open(other)).Message);
    }

    [Theory]
    [InlineData("model-00001-of-00003.gguf")]
    [InlineData("model-00003-of-00003.gguf")]
    [InlineData("")]
    public void Any_file_of_several_stands_for_all_and_so_does_their_folder(string name)
    {
        using TemporaryFolder folder = new();
        Split(folder);
        using Checkpoint checkpoint = Checkpoint.Open(folder.At(name));

        Assert.Equal(["a", "b", "c"], checkpoint.Tensors.Keys.Order());
        Assert.Equal(["model-00001-of-00003.gguf", "model-00002-of-00003.gguf", "model-00003-of-00003.gguf"], checkpoint.Files);
        Assert.Equal("llama", checkpoint.TypedMetadata["general.architecture"].Text);
        Assert.Equal(3, checkpoint.TypedMetadata["split.count"].Integer<int>());
        Assert.False(checkpoint.TypedMetadata.ContainsKey("split.no"));
        byte[] bytes = new byte[4];
        checkpoint.Read(checkpoint.Tensors["b"], 0, bytes);
        Assert.Equal([1, 2, 3, 5], bytes);
    }

    [Fact]
    public void What_is_wrong_with_several_files_is_listed()
    {
        using TemporaryFolder folder = new();
        Split(folder);
        File.Delete(folder.At("model-00001-of-00003.gguf"));
        Refuses("files are missing: model-00001-of-00003.gguf.");

        Split(folder);
        File.Copy(folder.At("model-00002-of-00003.gguf"), folder.At("model-00003-of-00003.gguf"), overwrite: true);
        Refuses("model-00003-of-00003.gguf: its split.no is 1, but by its name it should be 2.", "tensor \"b\" is in model-00002-of-00003.gguf and in model-00003-of-00003.gguf.");

        Split(folder);
        folder.Write("model-00002-of-00003.gguf", new GgufFile().Tensor("b", 24, [4], Four).Bytes());
        Refuses("model-00002-of-00003.gguf: it has no split.count, and its name says that it is one of several.");

        Split(folder);
        folder.Write("model-00002-of-00003.gguf", new GgufFile().With("split.no", (ushort)1).With("split.count", (ushort)3).Bytes());
        Refuses("its split.tensors.count is 3, but by its name it should be 2. There are 2 tensors in all.");

        string alone = folder.At("alone.gguf");
        Split(folder);
        File.Move(folder.At("model-00001-of-00003.gguf"), alone);
        Assert.Contains("its split.count is 3, but by its name it should be 1.", Assert.Throws<CheckpointException>(() => Checkpoint.Open(alone)).Message);

        void Refuses(params string[] problems) =>
            Assert.All(problems, problem => Assert.Contains(problem, Assert.Throws<CheckpointException>(() => Checkpoint.Open(folder.At("model-00002-of-00003.gguf"))).Message));
    }

    [Fact]
    public void A_folder_must_have_one_checkpoint()
    {
        using TemporaryFolder folder = new();
        folder.Write("a.gguf", new GgufFile().Tensor("a", 24, [4], Four).Bytes());
        using (Checkpoint checkpoint = Checkpoint.Open(folder.Path))
        {
            Assert.Equal(["a"], checkpoint.Tensors.Keys);
        }

        folder.Write("b.gguf", new GgufFile().Tensor("b", 24, [4], Four).Bytes());
        Assert.Contains("several checkpoints, a.gguf, b.gguf: open one of the files", Assert.Throws<CheckpointException>(() => Checkpoint.Open(folder.Path)).Message);

        folder.Write("model.safetensors", "c");
        using Checkpoint other = Checkpoint.Open(folder.Path);
        Assert.Equal(["c"], other.Tensors.Keys);
    }

    /// <summary>A file of 100 bytes that asks for all there is gets none of it.</summary>
    [Theory]
    [InlineData(ulong.MaxValue, 0UL)]
    [InlineData(0UL, ulong.MaxValue)]
    [InlineData(1UL << 40, 1UL << 40)]
    [InlineData(0UL, 3UL)]
    public void What_a_file_says_is_believed_as_far_as_it_goes(ulong tensors, ulong values)
    {
        using TemporaryFolder folder = new();
        byte[] file = [.. "GGUF"u8, 3, 0, 0, 0, .. BitConverter.GetBytes(tensors), .. BitConverter.GetBytes(values), .. Enumerable.Repeat((byte)0xff, 76)];
        string path = folder.Write("x.gguf", file);
        long before = GC.GetAllocatedBytesForCurrentThread();

        Assert.Throws<CheckpointException>(() => Checkpoint.Open(path));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 200_000);
    }

    // Not by torch, which gives some NaN another payload.
    private static byte[] Widened(CheckpointType type, ReadOnlySpan<byte> bytes) => type switch
    {
        CheckpointType.F16 => [.. MemoryMarshal.Cast<byte, Half>(bytes).ToArray().SelectMany(value => BitConverter.GetBytes((float)value))],
        CheckpointType.BF16 => [.. MemoryMarshal.Cast<byte, ushort>(bytes).ToArray().SelectMany(value => BitConverter.GetBytes((uint)value << 16))],
        _ => bytes.ToArray(),
    };

    private static void Split(TemporaryFolder folder)
    {
        foreach ((int i, string name) in new[] { "a", "b", "c" }.Index())
        {
            GgufFile file = new();
            if (i == 0)
            {
                file.With("general.architecture", "llama").With("split.tensors.count", 3);
            }

            file.With("split.no", (ushort)i).With("split.count", (ushort)3).Tensor(name, 24, [4], [1, 2, 3, (byte)(4 + i)]);
            folder.Write($"model-0000{i + 1}-of-00003.gguf", file.Bytes());
        }
    }

    private static string Text(MetadataValue value) => value.Kind switch
    {
        MetadataKind.Array => $"[{string.Join(", ", value.Items.Select(Text))}]",
        MetadataKind.Text => $"Text {value.Text}",
        MetadataKind.F32 => $"F32 {(float)value.Number:R}",
        _ => $"{value}",
    };

    private static string Text(string kind, JsonElement value) => kind switch
    {
        ['[', .. string items, ']'] => $"[{string.Join(", ", value.EnumerateArray().Select(item => Text(items, item)))}]",
        "str" => $"Text {value.GetString()}",
        "bool" => $"Boolean {value.GetBoolean()}",
        "f32" => value.ValueKind == JsonValueKind.String ? $"F32 {float.NegativeInfinity:R}" : $"F32 {value.GetSingle():R}",
        "f64" => $"F64 {value.GetDouble()}",
        _ => $"{kind.ToUpperInvariant()} {value}",
    };
}
