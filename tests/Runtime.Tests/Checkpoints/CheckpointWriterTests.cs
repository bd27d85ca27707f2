using Lanyard.Checkpoints;
using TorchSharp;
using static TorchSharp.torch;

namespace Lanyard.Tests.Checkpoints;

public sealed class CheckpointWriterTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    // With metadata and without, of one type and of two, whatever order the tensors come in.
    [Theory]
    [InlineData("llama4", "model.safetensors")]
    [InlineData("llama4", "expected.safetensors")]
    [InlineData("llama4-published", "model-00002-of-00003.safetensors")]
    public void A_rewritten_file_is_that_of_the_reference(string folder, string file)
    {
        string original = Fixtures.Path(folder, file);
        using Checkpoint checkpoint = Checkpoint.Open(original);
        using DisposeScope scope = torch.NewDisposeScope();

        CheckpointWriter.Write(
            _folder.At("x.safetensors"),
            checkpoint.Tensors.Values.OrderByDescending(t => t.Name, StringComparer.Ordinal).Select(t => (t.Name, checkpoint.View(t))),
            checkpoint.Metadata.Count > 0 ? checkpoint.Metadata : null);

        Assert.Equal(File.ReadAllBytes(original), File.ReadAllBytes(_folder.At("x.safetensors")));
    }

    [Fact]
    public void Every_type_and_form_comes_back()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        List<(string Name, Tensor Value)> tensors = [];
        foreach (CheckpointType type in Enum.GetValues<CheckpointType>().Where(type => type.IsViewable()))
        {
            Tensor full = torch.empty([3, 5], dtype: type.ToScalarType());
            new Random((int)type).NextBytes(full.bytes);
            Tensor scalar = torch.empty([], dtype: type.ToScalarType());
            new Random(1).NextBytes(scalar.bytes);
            tensors.AddRange(
            [
                ($"{type}", full), ($"{type}.t", full.t()), ($"{type}.part", full.narrow(1, 1, 2)), ($"{type}.wide", scalar.expand(2, 3)),
                ($"{type}.scalar", scalar), ($"{type}.empty", torch.empty([0, 4], dtype: type.ToScalarType())),
            ]);
        }

        string path = _folder.At("x.safetensors");
        CheckpointWriter.Write(path, tensors);

        using Checkpoint checkpoint = Checkpoint.Open(path);
        Assert.Equal(tensors.Count, checkpoint.Tensors.Count);
        Assert.Empty(checkpoint.Metadata);
        foreach ((string name, Tensor value) in tensors)
        {
            CheckpointTensor tensor = checkpoint.Tensors[name];
            Assert.Equal(0, tensor.Offset % tensor.DType.Size());
            using Tensor view = checkpoint.View(tensor);
            Assert.Equal((value.dtype, true), (view.dtype, value.shape.SequenceEqual(view.shape)));
            Assert.Equal(value.numel() == 0 ? [] : value.contiguous().bytes.ToArray(), value.numel() == 0 ? [] : view.bytes.ToArray());
        }
    }

    [Fact]
    public void Values_are_those_of_the_tensor_whatever_stands_behind_it()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using Tensor leaf = torch.tensor(new float[] { 1, 2, 3 }, requires_grad: true);
        Tensor negated = torch.complex(torch.zeros(1), torch.ones(1)).conj().imag;
        Assert.True(negated.is_neg() && negated.is_contiguous());
        string path = _folder.At("x.safetensors");

        CheckpointWriter.Write(path, [("leaf", leaf), ("grown", leaf * 2), ("negated", negated)]);

        using Checkpoint checkpoint = Checkpoint.Open(path);
        Assert.Equal([1f, 2f, 3f], checkpoint.View(checkpoint.Tensors["leaf"]).data<float>());
        Assert.Equal([2f, 4f, 6f], checkpoint.View(checkpoint.Tensors["grown"]).data<float>());
        Assert.Equal([-1f], checkpoint.View(checkpoint.Tensors["negated"]).data<float>());
    }

    // Larger than the pieces that tensors are cut into, in every direction that they are cut.
    [Fact]
    public void Large_tensors_are_written_in_pieces()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor flat = torch.arange(5_000_000, dtype: ScalarType.Int32);
        Tensor tall = flat.view(1000, 5000).t();
        Tensor rows = torch.stack([flat, flat + 1], 1).t();
        string path = _folder.At("x.safetensors");

        CheckpointWriter.Write(path, [("flat", flat), ("tall", tall), ("rows", rows)]);

        using Checkpoint checkpoint = Checkpoint.Open(path);
        Assert.True(checkpoint.View(checkpoint.Tensors["flat"]).Equals(flat));
        Assert.True(checkpoint.View(checkpoint.Tensors["tall"]).Equals(tall));
        Assert.True(checkpoint.View(checkpoint.Tensors["rows"]).Equals(rows));
    }

    [Fact]
    public void Names_and_metadata_may_be_any_text()
    {
        using Tensor tensor = torch.zeros(1, dtype: ScalarType.Byte);
        string[] names = ["", " ", "a\"b\\c", "x\n\0", "ключ", "\U0001F600", "\uffee", "__metadata", new string('n', 5000)];
        Dictionary<string, string> metadata = new() { ["format"] = "pt", ["\u2028"] = "\"\n\U0001F600" };
        string path = _folder.At("x.safetensors");

        CheckpointWriter.Write(path, names.Select(name => (name, tensor)), metadata);

        using Checkpoint checkpoint = Checkpoint.Open(path);
        Assert.Equal(names.Order(StringComparer.Ordinal), checkpoint.Tensors.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(metadata.OrderBy(p => p.Key), checkpoint.Metadata.OrderBy(p => p.Key));

        // By UTF-8 bytes, as the reference does, not by UTF-16 code units.
        Assert.True(checkpoint.Tensors["\uffee"].Offset < checkpoint.Tensors["\U0001F600"].Offset);
        Assert.Equal(0, checkpoint.Tensors[""].Offset % 8);
    }

    [Fact]
    public void Everything_that_cannot_be_written_is_reported_and_nothing_is_written()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor good = torch.zeros(1);
        Tensor gone = torch.zeros(1);
        gone.Dispose();
        Tensor sparse = torch.sparse_coo_tensor(torch.zeros([2, 1], dtype: ScalarType.Int64), torch.ones(1), [2, 2]);

        CheckpointException e = Assert.Throws<CheckpointException>(() => CheckpointWriter.Write(
            _folder.At("x.safetensors"),
            [
                ("good", good), ("twice", good), ("twice", good), ("__metadata__", good), ("half \ud83d", good), (null!, good),
                ("none", null!), ("gone", gone), ("meta", torch.zeros(1, device: META)), ("sparse", sparse),
                ("complex", torch.zeros(1, dtype: ScalarType.ComplexFloat32)),
            ],
            new Dictionary<string, string> { ["fine"] = "", ["bad"] = null! }));

        Assert.Equal(10, e.Problems.Count);
        Assert.DoesNotContain("good", e.Message);
        Assert.Equal(_folder.At("x.safetensors"), e.FileName);
        Assert.Empty(_folder.Names);
    }

    [Fact]
    public void An_enumeration_that_fails_leaves_the_old_file()
    {
        string path = _folder.Write("x.safetensors", "old");
        using Tensor tensor = torch.zeros(1);

        Assert.Throws<TimeoutException>(() => CheckpointWriter.Write(path, Failing(tensor)));

        Assert.Equal(["x.safetensors"], _folder.Names);
        using Checkpoint checkpoint = Checkpoint.Open(path);
        Assert.Equal("old", Assert.Single(checkpoint.Tensors.Keys));
    }

    [Fact]
    public void A_tensor_that_fails_while_it_is_written_leaves_the_old_file()
    {
        string path = _folder.Write("x.safetensors", "old");

        CheckpointException e = Assert.Throws<CheckpointException>(() => CheckpointWriter.Write(path, Vanishing()));

        Assert.Contains("vanishing", e.Message);
        Assert.Equal(["x.safetensors"], _folder.Names);
        using Checkpoint checkpoint = Checkpoint.Open(path);
        Assert.Equal("old", Assert.Single(checkpoint.Tensors.Keys));
    }

    [Fact]
    public void What_the_file_system_refuses_is_reported_and_cleaned_up()
    {
        using Tensor tensor = torch.zeros(1);
        _folder.Write("file", "old");
        Directory.CreateDirectory(_folder.At("folder"));

        Assert.Throws<CheckpointException>(() => CheckpointWriter.Write(_folder.At("none/x.safetensors"), [("t", tensor)]));
        Assert.Throws<CheckpointException>(() => CheckpointWriter.Write(_folder.At("file/x.safetensors"), [("t", tensor)]));
        Assert.Throws<CheckpointException>(() => CheckpointWriter.Write(_folder.At("folder"), [("t", tensor)]));
        Assert.Throws<CheckpointException>(() => CheckpointWriter.WriteDirectory(_folder.At("file"), [("t", tensor)]));

        Assert.Equal(["file", "folder"], _folder.Names);
    }

    [Fact]
    public void A_file_can_be_replaced_from_views_of_itself()
    {
        string path = _folder.Write("x.safetensors", "a", "b", "c");
        using (Checkpoint checkpoint = Checkpoint.Open(path))
        {
            using DisposeScope scope = torch.NewDisposeScope();
            CheckpointWriter.Write(path, checkpoint.Tensors.Values.Where(t => t.Name != "a").Select(t => (t.Name, checkpoint.View(t))));
        }

        using Checkpoint replaced = Checkpoint.Open(path);
        Assert.Equal(1, replaced.View(replaced.Tensors["b"]).item<byte>());
        Assert.Equal(2, replaced.View(replaced.Tensors["c"]).item<byte>());
        Assert.Equal(2, replaced.TotalBytes);
    }

    [Fact]
    public void What_a_killed_process_left_of_the_same_file_is_removed()
    {
        string id = Guid.NewGuid().ToString("N");
        _folder.Write($".x.safetensors.{id}.tmp", [1]);
        _folder.Write($".y.safetensors.{id}.tmp", [1]);
        using Tensor tensor = torch.zeros(1);

        CheckpointWriter.Write(_folder.At("x.safetensors"), [("t", tensor)]);

        Assert.Equal([$".y.safetensors.{id}.tmp", "x.safetensors"], _folder.Names);
    }

    [Fact]
    public void Links_in_the_way_are_replaced_or_removed_and_not_followed()
    {
        using TemporaryFolder elsewhere = new();
        string target = elsewhere.Write("target", [1, 2, 3]);
        File.CreateSymbolicLink(_folder.At("x.safetensors"), target);
        File.CreateSymbolicLink(_folder.At($".x.safetensors.{Guid.NewGuid():N}.tmp"), target);
        using Tensor tensor = torch.zeros(1);

        CheckpointWriter.Write(_folder.At("x.safetensors"), [("t", tensor)]);

        Assert.Equal(["x.safetensors"], _folder.Names);
        Assert.Null(new FileInfo(_folder.At("x.safetensors")).LinkTarget);
        Assert.Equal([1, 2, 3], File.ReadAllBytes(target));
    }

    private static IEnumerable<(string Name, Tensor Value)> Failing(Tensor tensor)
    {
        yield return ("t", tensor);
        throw new TimeoutException();
    }

    private static IEnumerable<(string Name, Tensor Value)> Vanishing()
    {
        using Tensor stays = torch.zeros(1, dtype: ScalarType.Float64);
        Tensor vanishing = torch.zeros(1);
        yield return ("stays", stays.clone());
        yield return ("vanishing", vanishing);
        vanishing.Dispose();
    }
}
