using System.Text;
using Lanyard.Checkpoints;

namespace Lanyard.Tests.Checkpoints;

public sealed class CheckpointIndexTests : IDisposable
{
    private const string Index = "model.safetensors.index.json";
    private const string A = "model-00001-of-00002.safetensors";
    private const string B = "model-00002-of-00002.safetensors";

    private readonly TemporaryFolder _folder = new();

    public CheckpointIndexTests()
    {
        _folder.Write(A, "a1", "a2");
        _folder.Write(B, "b1");
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Tensors_come_from_the_files_that_the_index_names()
    {
        WriteIndex($$$"""{"metadata":{"total_size":3,"x":[1,{"y":null}]},"weight_map":{"a1":"{{{A}}}","a2":"{{{A}}}","b1":"{{{B}}}"}}""");

        using Checkpoint checkpoint = Checkpoint.Open(_folder.Path);

        Assert.Equal([A, B], checkpoint.Files);
        Assert.Equal(["a1", "a2", "b1"], checkpoint.Tensors.Keys.Order());
        Assert.Equal((A, A, B), (checkpoint.Tensors["a1"].File, checkpoint.Tensors["a2"].File, checkpoint.Tensors["b1"].File));
        Assert.Equal(3, checkpoint.TotalBytes);
        Assert.Equal(_folder.Path, checkpoint.Path);
        Assert.Equal(1, Bytes(checkpoint, "a2")[0]);
    }

    [Fact]
    public void Published_files_open()
    {
        using Checkpoint published = Checkpoint.Open(Fixtures.Path("llama4-published"));
        using Checkpoint whole = Checkpoint.Open(Fixtures.Path("llama4"));

        Assert.Equal(3, published.Files.Count);
        Assert.Equal("pt", published.Metadata["format"]);
        Assert.Equal(436480, published.TotalBytes);
        Assert.Equal(
            Bytes(whole, "model.embed_tokens.weight"),
            Bytes(published, "language_model.model.embed_tokens.weight"));
    }

    [Fact]
    public void Metadata_is_what_the_files_agree_on()
    {
        _folder.Write(A, TemporaryFolder.Pack("""{"__metadata__":{"format":"pt","part":"1","only":"A"}}""", []));
        _folder.Write(B, TemporaryFolder.Pack("""{"__metadata__":{"format":"pt","part":"2"},"b":{"dtype":"U8","shape":[0],"data_offsets":[0,0]},"c":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}}""", []));
        WriteIndex($$$"""{"weight_map":{"b":"{{{B}}}","c":"{{{B}}}"}}""");
        using (Checkpoint one = Checkpoint.Open(_folder.Path))
        {
            Assert.Equal("2", one.Metadata["part"]);
        }

        _folder.Write(A, TemporaryFolder.Pack("""{"__metadata__":{"format":"pt","part":"1","only":"A"},"a":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}}""", []));
        WriteIndex($$$"""{"weight_map":{"a":"{{{A}}}","b":"{{{B}}}","c":"{{{B}}}"}}""");
        using Checkpoint both = Checkpoint.Open(_folder.Path);

        Assert.Equal([KeyValuePair.Create("format", "pt"), KeyValuePair.Create("only", "A")], both.Metadata.OrderBy(p => p.Key));
    }

    [Fact]
    public void Without_index_the_single_file_is_opened_and_without_that_nothing()
    {
        File.Delete(_folder.At(B));
        Assert.Contains($"files are missing: {B}.", Assert.Throws<CheckpointException>(() => Checkpoint.Open(_folder.Path)).Message);
        File.Delete(_folder.At(A));
        CheckpointException e = Assert.Throws<CheckpointException>(() => Checkpoint.Open(_folder.Path));
        Assert.Contains("neither", e.Message);
        _folder.Write(A, "a1");
        _folder.Write("model.safetensors", "m");

        using Checkpoint checkpoint = Checkpoint.Open(_folder.Path);

        Assert.Equal("m", Assert.Single(checkpoint.Tensors.Keys));
    }

    [Fact]
    public void The_index_comes_before_the_single_file()
    {
        _folder.Write("model.safetensors", "m");
        WriteIndex($$$"""{"weight_map":{"b1":"{{{B}}}"}}""");

        using Checkpoint checkpoint = Checkpoint.Open(_folder.Path);

        Assert.Equal("b1", Assert.Single(checkpoint.Tensors.Keys));
    }

    [Theory]
    [InlineData("", "the file is empty: was the download completed?")]
    [InlineData("[]", "must be an object")]
    [InlineData("null", "must be an object")]
    [InlineData("{}", "no weight_map")]
    [InlineData("""{"weight_map":[]}""", "must be an object")]
    [InlineData("""{"weight_map":null}""", "must be an object")]
    [InlineData("""{"weight_map":{"a1":3}}""", "must be a string")]
    [InlineData("""{"weight_map":{"a1":null}}""", "must be a string")]
    [InlineData("""{"weight_map":{"a1":"x","a1":"x"}}""", "twice")]
    [InlineData("""{"weight_map":{"a1":"x","\u00611":"x"}}""", "twice")]
    [InlineData("""{"weight_map":{},"weight_map":{}}""", "twice")]
    [InlineData("""{"weight_map":{"\ud800":"x"}}""", "surrogate")]
    [InlineData("""{"weight_map":{"__metadata__":"x"}}""", "not the name of a tensor")]
    [InlineData("""{"weight_map":{"a1":"x",}}""", "invalid JSON")]
    [InlineData("""{"weight_map":{"a1":"x"}""", "invalid JSON")]
    [InlineData("""{"weight_map":{"a1":"x"}} x""", "follows")]
    [InlineData("""{"weight_map":{},"x":1e999}""", "out of range")]
    public void A_broken_index_is_named(string json, string problem)
    {
        WriteIndex(json);

        CheckpointException e = Assert.Throws<CheckpointException>(() => Checkpoint.Open(_folder.Path));

        Assert.Equal(_folder.At(Index), e.FileName);
        Assert.Contains(problem, e.Message);
        Assert.Contains(Index, e.Message);
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("../x.safetensors")]
    [InlineData("sub/x.safetensors")]
    [InlineData("sub\\\\x.safetensors")]
    [InlineData("/etc/passwd")]
    [InlineData("C:x.safetensors")]
    [InlineData("x\\u0000.safetensors")]
    public void An_index_names_files_of_its_own_folder_only(string file)
    {
        WriteIndex($$$"""{"weight_map":{"a1":"{{{file}}}","a2":"{{{A}}}"}}""");

        CheckpointException e = Assert.Throws<CheckpointException>(() => Checkpoint.Open(_folder.Path));

        Assert.Contains("not the name of a file", Assert.Single(e.Problems));
    }

    [Fact]
    public void Everything_that_does_not_fit_is_reported_at_once()
    {
        _folder.Write("c.safetensors", [1, 2, 3]);
        _folder.Write(B, "b1", "a1", "extra");
        WriteIndex($$$"""
            {"weight_map":{"a1":"{{{A}}}","a2":"{{{B}}}","b1":"{{{B}}}","gone":"{{{B}}}","m1":"m1.safetensors","m2":"m2.safetensors","c":"c.safetensors"}}
            """);

        CheckpointException e = Assert.Throws<CheckpointException>(() => Checkpoint.Open(_folder.Path));

        Assert.Equal(
            [
                "files are missing: m1.safetensors, m2.safetensors.",
                "c.safetensors: the file has 3 bytes, too few for the length of a header.",
                $"tensor \"a2\" is in {A}, the index says {B}.",
                $"tensor \"gone\" is not in {B}, where the index says it is.",
            ],
            e.Problems);
        Assert.All(e.Problems, problem => Assert.Contains(problem, e.Message));
    }

    [Fact]
    public void A_file_may_be_a_link_to_elsewhere()
    {
        using TemporaryFolder blobs = new();
        string blob = blobs.Write("blob", "t");
        File.CreateSymbolicLink(_folder.At("link.safetensors"), blob);
        WriteIndex("""{"weight_map":{"t":"link.safetensors"}}""");

        using Checkpoint checkpoint = Checkpoint.Open(_folder.Path);

        Assert.Equal("link.safetensors", checkpoint.Tensors["t"].File);
        using TorchSharp.torch.Tensor view = checkpoint.View(checkpoint.Tensors["t"]);
        Assert.Equal([1L], view.shape);
    }

    [Fact]
    public void An_index_or_a_header_that_is_too_long_is_not_read()
    {
        using (FileStream index = File.Create(_folder.At(Index))) index.SetLength(100_000_001);
        Assert.Contains("more than the 100000000 allowed", Assert.Throws<CheckpointException>(() => Checkpoint.Open(_folder.Path)).Message);

        using (FileStream file = File.Create(_folder.At("long.safetensors")))
        {
            file.Write(BitConverter.GetBytes(100_000_001L));
            file.SetLength(200_000_000);
        }
        Assert.Contains("larger than the 100000000 allowed", Assert.Throws<CheckpointException>(() => Checkpoint.Open(_folder.At("long.safetensors"))).Message);
    }

    [Fact]
    public void A_mutated_index_is_refused_or_right()
    {
        byte[] valid = Encoding.UTF8.GetBytes($$$"""{"metadata":{"total_size":3},"weight_map":{"a1":"{{{A}}}","a2":"{{{A}}}","b1":"{{{B}}}"}}""");
        Random random = new(20240607);
        int opened = 0;
        int refused = 0;
        for (int i = 0; i < 500; i++)
        {
            byte[] mutated = [.. valid];
            mutated[random.Next(mutated.Length)] = (byte)random.Next(256);
            File.WriteAllBytes(_folder.At(Index), mutated);
            try
            {
                using Checkpoint checkpoint = Checkpoint.Open(_folder.Path);
                Assert.Equal(["a1", "a2", "b1"], checkpoint.Tensors.Keys.Order());
                opened++;
            }
            catch (CheckpointException)
            {
                refused++;
            }
        }

        Assert.True(opened > 10 && refused > 300, $"{opened} opened, {refused} refused");
    }

    private static byte[] Bytes(Checkpoint checkpoint, string name)
    {
        byte[] bytes = new byte[checkpoint.Tensors[name].Length];
        checkpoint.Read(checkpoint.Tensors[name], 0, bytes);
        return bytes;
    }

    private void WriteIndex(string json) => _folder.Write(Index, Encoding.UTF8.GetBytes(json));
}
