using System.Text;
using Lanyard.Checkpoints;
using TorchSharp;
using static TorchSharp.torch;

namespace Lanyard.Tests.Checkpoints;

/// <summary>Tensors of which several files have a piece each, against the whole ones.</summary>
public sealed class PiecedTensorTests : IDisposable
{
    private const int Samples = 150;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Random_tilings_are_the_whole_tensor_and_what_lacks_or_is_there_twice_is_found()
    {
        Random random = new(20261128);
        for (int i = 0; i < Samples; i++)
        {
            using DisposeScope scope = NewDisposeScope();
            long[] shape = [.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => random.NextInt64(1, 7))];
            ScalarType type = new[] { ScalarType.Float32, ScalarType.BFloat16, CheckpointType.F8_E4M3.ToScalarType(), ScalarType.Bool, ScalarType.Int64 }[random.Next(5)];
            Tensor whole = torch.arange(shape.Aggregate(1L, (count, size) => count * size)).reshape(shape).remainder(120).to(type);
            byte[] bytes = [.. whole.bytes];
            List<(long[] Start, long[] Size)> boxes = Tile(random, new long[shape.Length], shape, random.Next(1, 7));
            string[] files = [.. boxes.Select((box, n) => Write($"{n}", "t", Cut(whole, box), box.Start))];
            random.Shuffle(files);

            using (Checkpoint checkpoint = Checkpoint.Open(files))
            {
                CheckpointTensor tensor = checkpoint.Tensors["t"];
                Assert.Equal(shape, tensor.Shape);
                Assert.Equal((bytes.Length, boxes.Count == 1 ? 0 : boxes.Count), (tensor.Length, tensor.Pieces.Length));
                Assert.Equal(bytes, checkpoint.View(tensor).bytes.ToArray());
                int from = random.Next(bytes.Length + 1);
                byte[] read = new byte[random.Next(bytes.Length - from + 1)];
                checkpoint.Read(tensor, from, read);
                Assert.Equal(bytes[from..(from + read.Length)], read);
            }

            // What lacks is said, unless what is left is a tensor by itself.
            int odd = random.Next(boxes.Count);
            if (boxes.Count > 1)
            {
                string[] fewer = [.. Enumerable.Range(0, boxes.Count).Where(n => n != odd).Select(n => _folder.At($"{n}"))];
                long[] reach = [.. shape.Select((_, d) => boxes.Where((_, n) => n != odd).Max(box => box.Start[d] + box.Size[d]))];
                bool isWhole = reach.Aggregate(1L, (count, size) => count * size) == boxes.Where((_, n) => n != odd).Sum(box => box.Size.Aggregate(1L, (count, size) => count * size));
                if (isWhole) Checkpoint.Open(fewer).Dispose();
                else Assert.StartsWith("tensor \"t\": no file has [", Assert.Single(Assert.Throws<CheckpointException>(() => Checkpoint.Open(fewer)).Problems));
            }

            string again = Write("again", "t", Cut(whole, boxes[odd]), boxes[odd].Start);
            string both = $"[{string.Join(", ", boxes[odd].Start.Zip(boxes[odd].Size, (start, size) => size == 1 ? $"{start}" : $"{start}..{start + size - 1}"))}]";
            Assert.StartsWith($"tensor \"t\": {both} is in ", Assert.Single(Assert.Throws<CheckpointException>(() => Checkpoint.Open([.. files, again])).Problems));
        }
    }

    [Theory]
    [InlineData("""{"t":{"saved_offsets":[0]}}""", null)]
    [InlineData("""{"t":{"saved_offsets":[0],"other":{"x":[1]}},"not.here":{"saved_offsets":[1,2,3]}}""", null)]
    [InlineData("""{"t":"{\"saved_offsets\":[0]}"}""", null)]
    [InlineData(""" "{\"t\":{\"saved_offsets\":[0]}}" """, null)]
    [InlineData("""{"t":{"saved_offsets":[1]}}""", "tensor \"t\": no file has [0].")]
    [InlineData("""{"t":{"saved_offsets":[0,0]}}""", "x: tensor \"t\": its shape [1] has 1 axes, its saved_offsets are 2 numbers.")]
    [InlineData("""{"t":{"saved_offsets":[9223372036854775807]}}""", "x: tensor \"t\": its saved_offsets [9223372036854775807] are larger than any tensor.")]
    [InlineData("""{"t":{"saved_offsets":[18446744073709551615]}}""", "x: tensor \"t\": its saved_offsets [18446744073709551615] are larger than any tensor.")]
    [InlineData("""{"t":{"saved_offsets":[9223372036854775806]}}""", "tensor \"t\": its pieces reach as far as [0..9223372036854775806], which is larger than any tensor can have.")]
    [InlineData("""{"t":{"saved_offsets":[-1]}}""", "x: DCP_SHARDING_INFO, byte 23: tensor \"t\", saved_offsets must be a whole number from 0 to 2^64 - 1, not -1.")]
    [InlineData("""{"t":{"saved_offsets":[0.5]}}""", "x: DCP_SHARDING_INFO, byte 23: tensor \"t\", saved_offsets must be a whole number from 0 to 2^64 - 1, not 0.5.")]
    [InlineData("""{"t":{"saved_offsets":0}}""", "x: DCP_SHARDING_INFO, byte 22: tensor \"t\", saved_offsets must be an array, not a number.")]
    [InlineData("""{"t":{}}""", "x: DCP_SHARDING_INFO, byte 6: tensor \"t\" has no saved_offsets.")]
    [InlineData("""{"t":[0]}""", "x: DCP_SHARDING_INFO, byte 5: tensor \"t\" must be an object, not an array.")]
    [InlineData("""{"t":{"saved_offsets":[0]},"t":{"saved_offsets":[0]}}""", "x: DCP_SHARDING_INFO, byte 51: tensor \"t\" comes twice.")]
    [InlineData("[]", "x: DCP_SHARDING_INFO, byte 0: it must be an object, not an array.")]
    [InlineData("""{"t":{"saved_offsets":[0]}""", "x: DCP_SHARDING_INFO, byte 26: invalid JSON")]
    [InlineData("", "x: DCP_SHARDING_INFO, byte 0: invalid JSON")]
    public void What_a_file_says_of_its_pieces_is_checked(string info, string? problem)
    {
        using Tensor tensor = torch.ones(1);
        CheckpointWriter.Write(_folder.At("x"), [("t", tensor)], new Dictionary<string, string> { ["DCP_SHARDING_INFO"] = info });
        if (problem is not null)
        {
            Assert.StartsWith(problem, Assert.Single(Assert.Throws<CheckpointException>(() => Checkpoint.Open(_folder.At("x"))).Problems));
            return;
        }

        using Checkpoint checkpoint = Checkpoint.Open(_folder.At("x"));
        Assert.Equal("t F32 [1]", checkpoint.Tensors["t"].ToString());
    }

    [Fact]
    public void Several_pieces_of_one_file_say_of_which_tensor_they_are()
    {
        using Tensor tensor = torch.arange(6);
        CheckpointWriter.Write(
            _folder.At("x"),
            [("t/0", tensor[..2]), ("t/1", tensor[4..])],
            new Dictionary<string, string> { ["DCP_SHARDING_INFO"] = """{"t/0":{"logical_fqn":"t","saved_offsets":[0]},"t/1":{"logical_fqn":"t","saved_offsets":[4]}}""" });
        using Checkpoint checkpoint = Checkpoint.Open([_folder.At("x"), Write("y", "t", tensor[2..4], [2])]);

        Assert.Equal("t I64 [6] in 3 pieces", Assert.Single(checkpoint.Tensors.Values).ToString());
        Assert.Equal(tensor, checkpoint.View(checkpoint.Tensors["t"]));
    }

    [Fact]
    public void An_index_that_names_a_piece_means_them_all_and_one_that_names_a_whole_tensor_that()
    {
        using Tensor tensor = torch.arange(6);
        string a = Path.GetFileName(Write("a.safetensors", "t", tensor[..2], [0]));
        string b = Path.GetFileName(Write("b.safetensors", "t", tensor[2..], [2]));
        CheckpointWriter.Write(_folder.At("c.safetensors"), [("t", tensor), ("u", tensor)]);
        Index(("t", b), ("v", a), ("u", "c.safetensors"));
        Assert.Equal(["tensor \"v\" is not in a.safetensors, where the index says it is."], Assert.Throws<CheckpointException>(() => Checkpoint.Open(_folder.Path)).Problems);

        CheckpointWriter.Write(_folder.At("a.safetensors"), [("t", tensor[..2]), ("v", tensor)], new Dictionary<string, string> { ["DCP_SHARDING_INFO"] = """{"t":{"saved_offsets":[0]}}""" });
        using (Checkpoint checkpoint = Checkpoint.Open(_folder.Path))
        {
            Assert.Equal((2, tensor), (checkpoint.Tensors["t"].Pieces.Length, checkpoint.View(checkpoint.Tensors["t"])));
            Assert.Equal("t c.safetensors", Assert.Single(checkpoint.PassedOver.Select(passed => $"{passed.Name} {passed.File}")));
        }

        Index(("t", "c.safetensors"), ("v", a), ("x", b));
        Write(b, "x", tensor, [0]);
        using (Checkpoint checkpoint = Checkpoint.Open(_folder.Path))
        {
            Assert.Empty(checkpoint.Tensors["t"].Pieces);
            Assert.Equal(["t a.safetensors", "u c.safetensors"], checkpoint.PassedOver.Select(passed => $"{passed.Name} {passed.File}").Order());
        }
    }

    /// <summary>Cuts a box again and again.</summary>
    private static List<(long[] Start, long[] Size)> Tile(Random random, long[] start, long[] size, int cuts)
    {
        int axis = random.Next(size.Length);
        if (cuts == 0 || size[axis] == 1) return [(start, size)];
        long at = random.NextInt64(1, size[axis]);
        return
        [
            .. Tile(random, start, [.. size.Select((all, d) => d == axis ? at : all)], (cuts - 1) / 2),
            .. Tile(random, [.. start.Select((first, d) => d == axis ? first + at : first)], [.. size.Select((all, d) => d == axis ? all - at : all)], cuts / 2),
        ];
    }

    private static Tensor Cut(Tensor whole, (long[] Start, long[] Size) box)
    {
        for (int d = 0; d < box.Start.Length; d++) whole = whole.narrow(d, box.Start[d], box.Size[d]);
        return whole;
    }

    private string Write(string file, string name, Tensor piece, long[] start)
    {
        CheckpointWriter.Write(_folder.At(file), [(name, piece)], new Dictionary<string, string> { ["DCP_SHARDING_INFO"] = $"{{\"{name}\":{{\"saved_offsets\":[{string.Join(',', start)}]}}}}" });
        return _folder.At(file);
    }

    private void Index(params (string Name, string File)[] map) =>
        _folder.Write("model.safetensors.index.json", Encoding.UTF8.GetBytes($"{{\"weight_map\":{{{string.Join(',', map.Select(entry => $"\"{entry.Name}\":\"{entry.File}\""))}}}}}"));
}
