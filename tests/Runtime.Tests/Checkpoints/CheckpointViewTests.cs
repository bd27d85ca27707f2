using System.Buffers.Binary;
using System.Text;
using Lanyard.Checkpoints;
using TorchSharp;
using static TorchSharp.torch;

namespace Lanyard.Tests.Checkpoints;

public sealed class CheckpointViewTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void A_tensor_is_there_by_its_name_and_all_are_there_one_after_another()
    {
        using TemporaryFolder folder = new();
        using Checkpoint checkpoint = Checkpoint.Open(folder.Write("model.safetensors", "layers.0.q_proj.weight", "layers.0.k_proj.weight", "norm.weight"));
        using (Tensor view = checkpoint["layers.0.k_proj.weight"]) Assert.Equal(1, view.ReadInt64());

        List<(string, long)> all = [];
        foreach ((string name, Tensor view) in checkpoint)
        {
            using (view) all.Add((name, view.ReadInt64()));
        }
        Assert.Equal([("layers.0.q_proj.weight", 0), ("layers.0.k_proj.weight", 1), ("norm.weight", 2)], all);

        Assert.EndsWith("has no tensor \"layers.0.k_porj.weight\" among its 3; did you mean \"layers.0.k_proj.weight\"?", Unknown("layers.0.k_porj.weight"));
        Assert.EndsWith("has no tensor \"layers.1.k_proj.weight\" among its 3.", Unknown("layers.1.k_proj.weight"));
        Assert.EndsWith("has no tensor \"lm_head.weight\" among its 3.", Unknown("lm_head.weight"));
        checkpoint.Dispose();
        Assert.Throws<ObjectDisposedException>(() => checkpoint["norm.weight"]);

        string Unknown(string name) => Assert.Throws<KeyNotFoundException>(() => checkpoint[name]).Message;
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_view_shares_the_mapping_and_leaves_the_file_alone()
    {
        string path = WritePair("x.safetensors", padding: "");
        byte[] before = File.ReadAllBytes(path);
        using Checkpoint checkpoint = Checkpoint.Open(path);

        using Tensor first = checkpoint.View(checkpoint.Tensors["f"]);
        using Tensor second = checkpoint.View(checkpoint.Tensors["f"]);
        Assert.Equal([1f, 2f, 3f, 4f], first.data<float>());
        first.fill_(7);

        Assert.Equal([7f, 7f, 7f, 7f], second.data<float>());
        Assert.Equal(before, File.ReadAllBytes(path));
    }

    [Fact]
    public void Bytes_that_are_not_aligned_are_copied()
    {
        string path = WritePair("x.safetensors", padding: " ");
        using Checkpoint checkpoint = Checkpoint.Open(path);
        Assert.NotEqual(0, checkpoint.Tensors["f"].Offset % 4);

        using Tensor first = checkpoint.View(checkpoint.Tensors["f"]);
        using Tensor second = checkpoint.View(checkpoint.Tensors["f"]);
        Assert.Equal([2L, 2], first.shape);
        Assert.Equal([1f, 2f, 3f, 4f], first.data<float>());
        first.fill_(7);

        Assert.Equal([1f, 2f, 3f, 4f], second.data<float>());
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    public void A_view_outlives_its_checkpoint_and_the_scope_of_the_first_view(string padding)
    {
        Checkpoint checkpoint = Checkpoint.Open(WritePair("x.safetensors", padding));
        using (torch.NewDisposeScope())
        {
            checkpoint.View(checkpoint.Tensors["f"]);
        }

        using Tensor view = checkpoint.View(checkpoint.Tensors["f"]);
        checkpoint.Dispose();

        Assert.Equal([1f, 2f, 3f, 4f], view.data<float>());
        Assert.Throws<ObjectDisposedException>(() => checkpoint.View(checkpoint.Tensors["f"]));
        Assert.Throws<ObjectDisposedException>(() => checkpoint.Read(checkpoint.Tensors["f"], 0, new byte[1]));
        checkpoint.Dispose();
    }

    [LinuxFact("Elsewhere an open file has no path of its own.")]
    public void A_file_of_the_same_size_and_time_in_its_place_is_not_read_by_the_old_header()
    {
        // As archives and images unpack them: every file of one time.
        DateTime time = new(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        string path = _folder.At("x.safetensors");
        string other = _folder.At("y.safetensors");
        using (DisposeScope scope = torch.NewDisposeScope())
        {
            CheckpointWriter.Write(path, [("a", torch.ones(4)), ("b", torch.zeros(4))]);
            CheckpointWriter.Write(other, [("a", torch.zeros(4)), ("c", torch.zeros(4))]);
        }

        File.SetLastWriteTimeUtc(path, time);
        File.SetLastWriteTimeUtc(other, time);
        using Checkpoint checkpoint = Checkpoint.Open(path);
        File.Move(other, path, overwrite: true);

        using Tensor view = checkpoint.View(checkpoint.Tensors["a"]);

        Assert.Equal([1f, 1f, 1f, 1f], view.data<float>());
    }

    [Fact]
    public void A_first_view_in_inference_mode_does_not_spoil_later_ones()
    {
        using Checkpoint checkpoint = Checkpoint.Open(WritePair("x.safetensors", padding: ""));
        using (torch.inference_mode())
        {
            checkpoint.View(checkpoint.Tensors["f"]).Dispose();
        }

        using Tensor view = checkpoint.View(checkpoint.Tensors["f"]);
        using Tensor input = torch.ones(2, 2, requires_grad: true);
        input.mul(view).sum().backward();

        Assert.Equal([1f, 2f, 3f, 4f], input.grad!.data<float>());
    }

    [Fact]
    public void Read_stays_within_the_tensor()
    {
        using Checkpoint checkpoint = Checkpoint.Open(WritePair("x.safetensors", padding: ""));
        CheckpointTensor tensor = checkpoint.Tensors["f"];
        byte[] bytes = new byte[8];

        checkpoint.Read(tensor, 8, bytes);
        checkpoint.Read(tensor, 16, []);

        Assert.Equal(3f, BinaryPrimitives.ReadSingleLittleEndian(bytes));
        Assert.Throws<ArgumentOutOfRangeException>(() => checkpoint.Read(tensor, -1, bytes));
        Assert.Throws<ArgumentOutOfRangeException>(() => checkpoint.Read(tensor, 9, bytes));
        Assert.Throws<ArgumentOutOfRangeException>(() => checkpoint.Read(tensor, 17, []));
        Assert.Throws<ArgumentOutOfRangeException>(() => checkpoint.Read(tensor, long.MaxValue, bytes));
    }

    [Fact]
    public void Only_tensors_of_the_checkpoint_are_served()
    {
        using Checkpoint checkpoint = Checkpoint.Open(WritePair("x.safetensors", padding: ""));
        CheckpointTensor tensor = checkpoint.Tensors["f"];

        Assert.Throws<ArgumentException>(() => checkpoint.View(tensor with { Offset = 0 }));
        Assert.Throws<ArgumentException>(() => checkpoint.View(tensor with { Length = 1 << 20 }));
        Assert.Throws<ArgumentException>(() => checkpoint.View(tensor with { Shape = [4, 2] }));
        Assert.Throws<ArgumentException>(() => checkpoint.Read(tensor with { Name = "g" }, 0, []));
        using Tensor view = checkpoint.View(tensor with { Shape = [2, 2] });
        Assert.Equal([2L, 2], view.shape);
    }

    [Fact]
    public void A_file_that_changed_after_opening_is_not_mapped()
    {
        string path = WritePair("x.safetensors", padding: "");
        using Checkpoint shorter = Checkpoint.Open(path);
        using Checkpoint newer = Checkpoint.Open(path);

        File.SetLastWriteTimeUtc(path, DateTime.UtcNow.AddHours(-1));
        Assert.Contains("changed", Assert.Throws<CheckpointException>(() => newer.View(newer.Tensors["f"])).Message);

        File.WriteAllBytes(path, new byte[50]);
        Assert.Contains("50", Assert.Throws<CheckpointException>(() => shorter.View(shorter.Tensors["f"])).Message);

        File.Delete(path);
        Assert.Throws<CheckpointException>(() => newer.View(newer.Tensors["f"]));
    }

    [Fact]
    public void Tensors_beyond_two_gigabytes_are_viewed_and_read()
    {
        const long Length = 2_200_000_000;
        string json = $$$"""{"big":{"dtype":"I16","shape":[2,{{{Length / 4}}}],"data_offsets":[0,{{{Length}}}]}}""";
        byte[] header = TemporaryFolder.Pack(json.PadRight(json.Length + json.Length % 2), []);
        string path = _folder.At("big.safetensors");
        using (FileStream stream = File.Create(path))
        {
            stream.Write(header);
            stream.SetLength(header.Length + Length);
            stream.Position = header.Length + Length - 2;
            stream.Write([0x39, 0x30]);
        }

        using Checkpoint checkpoint = Checkpoint.Open(path);
        CheckpointTensor tensor = checkpoint.Tensors["big"];
        using Tensor view = checkpoint.View(tensor);
        byte[] last = new byte[2];
        checkpoint.Read(tensor, Length - 2, last);

        Assert.Equal(12345, view[1, Length / 4 - 1].item<short>());
        Assert.Equal([0x39, 0x30], last);
    }

    [Fact]
    public void Threads_share_a_checkpoint()
    {
        using Checkpoint checkpoint = Checkpoint.Open(Fixtures.Path("llama4"));
        CheckpointTensor[] tensors = [.. checkpoint.Tensors.Values];
        int right = 0;

        Parallel.For(0, 4 * tensors.Length, i =>
        {
            CheckpointTensor tensor = tensors[i % tensors.Length];
            byte[] bytes = new byte[tensor.Length];
            checkpoint.Read(tensor, 0, bytes);
            using Tensor view = checkpoint.View(tensor);
            if (view.bytes.SequenceEqual(bytes))
            {
                Interlocked.Increment(ref right);
            }
        });

        Assert.Equal(4 * tensors.Length, right);
    }

    [Fact]
    public void What_is_not_a_file_is_refused_by_name()
    {
        string path = _folder.At("none.safetensors");

        Assert.Contains(path, Assert.Throws<CheckpointException>(() => Checkpoint.Open(path)).Message);
        Assert.Throws<CheckpointException>(() => Checkpoint.Open("a\0b"));
        Assert.Throws<CheckpointException>(() => Checkpoint.Open(""));
    }

    // As deep as the reference implementation goes, inside values that it ignores.
    [Theory]
    [InlineData(125, true)]
    [InlineData(126, false)]
    public void Ignored_values_may_nest_as_deep_as_in_the_reference(int depth, bool accepted)
    {
        string json = $$$"""{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1],"x":{{{new string('[', depth)}}}{{{new string(']', depth)}}}}}""";
        string path = _folder.Write("x.safetensors", TemporaryFolder.Pack(json, [1]));

        Exception? e = Record.Exception(() => Checkpoint.Open(path).Dispose());

        Assert.Equal(accepted ? null : typeof(CheckpointException), e?.GetType());
    }

    [Theory]
    [InlineData("""{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1],"x":"\udc00"}}""", "surrogate")]
    [InlineData("""{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1],"x":1e999}}""", "out of range")]
    [InlineData("""{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1],"x":1,"x":1}}""", "twice")]
    [InlineData("""{"a":{"dtype":"U8","shape":[4294967296,4294967296,0],"data_offsets":[0,0]}}""", "counted")]
    [InlineData("""{"a":["U8",[1],[0,1]]}""", "must be an object")]
    [InlineData("""{"a":{"dtype":{"U8":null},"shape":[1],"data_offsets":[0,1]}}""", "must be a string")]
    [InlineData("""{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,1]},"b":{"dtype":"U8","shape":[1],"data_offsets":[1,9]}}""", "2 problems")]
    public void A_broken_header_says_what_is_wrong(string json, string problem)
    {
        string path = _folder.Write("x.safetensors", TemporaryFolder.Pack(json, [1]));

        CheckpointException e = Assert.Throws<CheckpointException>(() => Checkpoint.Open(path));

        Assert.Equal(path, e.FileName);
        Assert.Contains(problem, e.Message);
    }

    // Four floats, then a byte; the header is a multiple of 8 bytes long without padding.
    private string WritePair(string name, string padding)
    {
        string json = """{"f":{"dtype":"F32","shape":[2,2],"data_offsets":[0,16]},"b":{"dtype":"U8","shape":[],"data_offsets":[16,17]}}""";
        json += new string(' ', -Encoding.UTF8.GetByteCount(json) & 7) + padding;
        byte[] data = new byte[17];
        for (int i = 0; i < 4; i++)
        {
            BinaryPrimitives.WriteSingleLittleEndian(data.AsSpan(4 * i), i + 1);
        }

        return _folder.Write(name, TemporaryFolder.Pack(json, data));
    }
}
