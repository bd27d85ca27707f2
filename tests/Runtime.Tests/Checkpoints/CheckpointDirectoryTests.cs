using System.Text.Json;
using Lanyard.Checkpoints;
using TorchSharp;
using static TorchSharp.torch;

namespace Lanyard.Tests.Checkpoints;

public sealed class CheckpointDirectoryTests : IDisposable
{
    private const string Index = "model.safetensors.index.json";
    private const string Single = "model.safetensors";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_fits_one_file_has_no_index()
    {
        Assert.Equal([Single], Write(1, long.MaxValue, "a", "b"));

        Assert.Equal([Single], _folder.Names);
        AssertHolds(1, "a", "b");
    }

    [Fact]
    public void An_empty_checkpoint_is_one_file()
    {
        Assert.Equal([Single], Write(1, 1));

        AssertHolds(1);
    }

    [Fact]
    public void Tensors_are_dealt_to_files_in_order()
    {
        using Tensor one = torch.ones(1, dtype: ScalarType.Byte);
        using Tensor three = torch.ones(3, dtype: ScalarType.Byte);
        using Tensor none = torch.ones(0, dtype: ScalarType.Byte);

        IReadOnlyList<string> names = CheckpointWriter.WriteDirectory(
            _folder.Path,
            [("e", one), ("d", one), ("c", three), ("b", one), ("a", one), ("z", none)],
            new Dictionary<string, string> { ["format"] = "pt" },
            maxFileBytes: 2);

        Assert.Equal([.. Enumerable.Range(1, 3).Select(i => $"model-0000{i}-of-00003.safetensors")], names);
        using Checkpoint checkpoint = Checkpoint.Open(_folder.Path);
        Assert.Equal(
            ["a 3", "b 3", "c 2", "d 1", "e 1", "z 3"],
            checkpoint.Tensors.Values.Select(t => $"{t.Name} {t.File[10]}").Order());
        Assert.Equal("pt", checkpoint.Metadata["format"]);
        JsonElement index = JsonDocument.Parse(File.ReadAllBytes(_folder.At(Index))).RootElement;
        Assert.Equal(7, index.GetProperty("metadata").GetProperty("total_size").GetInt64());
        Assert.Equal(6, index.GetProperty("weight_map").EnumerateObject().Count());
    }

    // Every change of form: the new checkpoint is there, and nothing of the old one.
    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 3)]
    [InlineData(3, 1)]
    [InlineData(3, 3)]
    [InlineData(3, 2)]
    [InlineData(2, 3)]
    public void An_old_checkpoint_is_replaced_whole(int oldFiles, int newFiles)
    {
        _folder.Write("tokenizer.json", [1]);
        Write(1, 6 / oldFiles, "a", "b", "c", "d", "e", "f");

        IReadOnlyList<string> names = Write(2, 6 / newFiles, "a", "b", "c", "d", "e", "g");

        Assert.Equal(newFiles, names.Count);
        string[] expected = [.. names, .. newFiles > 1 ? new[] { Index } : [], "tokenizer.json"];
        Assert.Equal(expected.Order(StringComparer.Ordinal), _folder.Names);
        AssertHolds(2, "a", "b", "c", "d", "e", "g");
    }

    [Fact]
    public void Files_that_the_old_index_named_otherwise_are_left_alone()
    {
        _folder.Write("mine.safetensors", "a");
        _folder.Write("model-00009-of-00009.safetensors", "b");
        File.WriteAllText(_folder.At(Index), """{"weight_map":{"a":"mine.safetensors"}}""");

        Write(2, long.MaxValue, "a");

        Assert.Equal(["mine.safetensors", "model-00009-of-00009.safetensors", Single], _folder.Names);
        AssertHolds(2, "a");
    }

    [Theory]
    [InlineData(1, 3)]
    [InlineData(3, 3)]
    [InlineData(3, 1)]
    public void A_failure_before_all_data_is_written_leaves_the_old_checkpoint(int oldFiles, int newFiles)
    {
        Write(1, 6 / oldFiles, "a", "b", "c", "d", "e", "f");
        string[] before = _folder.Names;

        Assert.Throws<CheckpointException>(() => CheckpointWriter.WriteDirectory(_folder.Path, Vanishing(), maxFileBytes: 6 / newFiles));

        Assert.Equal(before, _folder.Names);
        AssertHolds(1, "a", "b", "c", "d", "e", "f");
    }

    // No new file takes a name that the old index uses, so the old checkpoint is there until the index is renamed.
    [Theory]
    [InlineData(1, "model-2-00002-of-00002.safetensors")]
    [InlineData(3, "model-00002-of-00002.safetensors")]
    public void A_failure_between_renames_leaves_the_old_checkpoint(long oldFileBytes, string inTheWay)
    {
        Write(1, oldFileBytes, "a", "b");
        string[] before = _folder.Names;
        Directory.CreateDirectory(_folder.At($"{inTheWay}/x"));

        Assert.Throws<CheckpointException>(() => Write(2, 1, "a", "b"));

        AssertHolds(1, "a", "b");
        Assert.Equal([inTheWay, inTheWay.Replace("00002-of", "00001-of")], _folder.Names.Except(before).OrderDescending());
    }

    [Fact]
    public void New_names_are_those_that_the_old_index_does_not_use()
    {
        Assert.Equal(["model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors"], Write(1, 1, "a", "b"));
        Assert.Equal(["model-2-00001-of-00002.safetensors", "model-2-00002-of-00002.safetensors"], Write(2, 1, "a", "b"));
        Assert.Equal(["model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors"], Write(3, 1, "a", "b"));

        Assert.Equal(["model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors", Index], _folder.Names);
        AssertHolds(3, "a", "b");
    }

    // Some tools write an index for a single file too. A rename over that file would show the new one under the old index.
    [Fact]
    public void The_single_file_of_an_index_is_replaced_by_one_of_another_name()
    {
        _folder.Write(Single, "a", "b");
        File.WriteAllText(_folder.At(Index), """{"weight_map":{"a":"model.safetensors","b":"model.safetensors"}}""");

        Assert.Equal(["model-00001-of-00001.safetensors"], Write(2, long.MaxValue, "a", "b"));
        Assert.Equal(["model-00001-of-00001.safetensors", Index], _folder.Names);
        AssertHolds(2, "a", "b");

        Assert.Equal([Single], Write(3, long.MaxValue, "a", "b"));
        Assert.Equal([Single], _folder.Names);
        AssertHolds(3, "a", "b");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void An_index_that_cannot_be_read_stays_until_there_is_a_new_checkpoint(int newFiles)
    {
        _folder.Write(Single, "a");
        File.WriteAllText(_folder.At(Index), """{"weight_map":""");
        Assert.Throws<CheckpointException>(() => CheckpointWriter.WriteDirectory(_folder.Path, Vanishing(), maxFileBytes: 6 / newFiles));
        Assert.Equal([Single, Index], _folder.Names);

        IReadOnlyList<string> names = Write(2, 2 / newFiles, "a", "b");

        Assert.Equal(newFiles == 1 ? [Single] : [.. names, Index], _folder.Names);
        AssertHolds(2, "a", "b");
    }

    // An export that was killed after it renamed some files, and one that was killed while it wrote.
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void What_a_killed_process_left_is_removed_and_what_is_not_ours_is_kept(int files)
    {
        Write(1, 1, "a", "b", "c");
        string id = Guid.NewGuid().ToString("N");
        foreach (string name in new[] { Single, Index, "model-00001-of-00009.safetensors", "model-2-00001-of-00009.safetensors" })
        {
            _folder.Write($".{name}.{id}.tmp", [1, 2, 3]);
        }

        _folder.Write("model-2-00001-of-00009.safetensors", "a");
        _folder.Write($".mine.safetensors.{id}.tmp", [1]);
        _folder.Write(".model.safetensors.mine.tmp", [1]);

        IReadOnlyList<string> names = Write(2, 3 / files, "a", "b", "c");

        string[] expected = [.. names, .. files > 1 ? new[] { Index } : [], $".mine.safetensors.{id}.tmp", ".model.safetensors.mine.tmp"];
        Assert.Equal(expected.Order(StringComparer.Ordinal), _folder.Names);
        AssertHolds(2, "a", "b", "c");
    }

    [Fact]
    public void A_temporary_file_that_is_being_written_is_left_alone()
    {
        TensorProducer nested = new("a", CheckpointType.U8, [1], () =>
        {
            using Tensor tensor = torch.full(1, 1, dtype: ScalarType.Byte);
            CheckpointWriter.Write(Path.Combine(_folder.Path, Single), [("x", tensor)]);
            return torch.full(1, 2, dtype: ScalarType.Byte);
        });

        CheckpointWriter.WriteDirectory(_folder.Path, [nested]);
        Assert.Equal([Single], _folder.Names.Where(name => name == Single || name.EndsWith(".tmp", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_folder_that_is_being_written_is_refused_to_others()
    {
        TensorProducer nested = new("a", CheckpointType.U8, [1], () =>
        {
            CheckpointException refused = Assert.Throws<CheckpointException>(() => Write(1, 1, "x", "y"));
            Assert.Contains(_folder.Path, refused.Message, StringComparison.Ordinal);
            Assert.Contains("another export or merge writes into this folder", refused.Message, StringComparison.Ordinal);
            return torch.full(1, 2, dtype: ScalarType.Byte);
        });

        CheckpointWriter.WriteDirectory(_folder.Path, [nested]);

        Assert.Equal([Single], _folder.Names);
        Write(1, 1, "x", "y");
    }

    private static IEnumerable<(string Name, Tensor Value)> Vanishing()
    {
        Tensor vanishing = torch.zeros(2, dtype: ScalarType.Byte);
        yield return ("a", torch.zeros(2, dtype: ScalarType.Byte));
        yield return ("b", torch.zeros(2, dtype: ScalarType.Byte));
        yield return ("c", vanishing);
        vanishing.Dispose();
    }

    private IReadOnlyList<string> Write(byte value, long maxFileBytes, params string[] names)
    {
        using Tensor tensor = torch.full(1, value, dtype: ScalarType.Byte);
        return CheckpointWriter.WriteDirectory(_folder.Path, names.Select(name => (name, tensor)), maxFileBytes: maxFileBytes);
    }

    private void AssertHolds(byte value, params string[] names)
    {
        using Checkpoint checkpoint = Checkpoint.Open(_folder.Path);
        Assert.Equal(names, checkpoint.Tensors.Keys.Order(StringComparer.Ordinal));
        Assert.All(checkpoint.Tensors.Values, tensor =>
        {
            using Tensor view = checkpoint.View(tensor);
            Assert.Equal(value, view.item<byte>());
        });
    }
}
