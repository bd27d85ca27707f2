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

    // The worst moment: the first file has been replaced, and the second cannot be.
    [Fact]
    public void A_failure_between_renames_leaves_no_index_to_a_mixture()
    {
        Write(1, 1, "a", "b");
        File.Delete(_folder.At("model-00002-of-00002.safetensors"));
        Directory.CreateDirectory(_folder.At("model-00002-of-00002.safetensors/x"));

        Assert.Throws<CheckpointException>(() => Write(2, 1, "a", "b"));

        Assert.Equal(["model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors"], _folder.Names);
        Assert.Throws<CheckpointException>(() => Checkpoint.Open(_folder.Path));
    }

    // The same where the old index names the single file, so that without the index a part would pass for the whole.
    [Theory]
    [InlineData("""{"weight_map":{"a":"model.safetensors","b":"model-00001-of-00002.safetensors"}}""")]
    [InlineData("""{"weight_map":""")]
    public void A_failure_between_renames_leaves_no_part_that_passes_for_the_whole(string index)
    {
        _folder.Write(Single, "a");
        _folder.Write("model-00001-of-00002.safetensors", "b");
        Directory.CreateDirectory(_folder.At("model-00002-of-00002.safetensors/x"));
        File.WriteAllText(_folder.At(Index), index);

        Assert.Throws<CheckpointException>(() => Write(2, 1, "a", "b"));

        Assert.Throws<CheckpointException>(() => Checkpoint.Open(_folder.Path));
        Assert.Equal(["model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors"], _folder.Names);
    }

    // The names of old and new do not coincide: until the index is renamed, the old checkpoint is there.
    [Fact]
    public void A_failure_between_renames_of_other_names_leaves_the_old_checkpoint()
    {
        Write(1, 2, "a", "b", "c", "d", "e", "f");
        Directory.CreateDirectory(_folder.At("model-00002-of-00002.safetensors/x"));

        Assert.Throws<CheckpointException>(() => Write(2, 3, "a", "b", "c", "d", "e", "f"));

        AssertHolds(1, "a", "b", "c", "d", "e", "f");
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
