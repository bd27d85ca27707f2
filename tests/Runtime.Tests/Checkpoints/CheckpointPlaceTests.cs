using System.Text;
using Lanyard.Checkpoints;

namespace Lanyard.Tests.Checkpoints;

/// <summary>Where a checkpoint may lie without an index of the usual name.</summary>
public sealed class CheckpointPlaceTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Files_of_any_name_are_opened_as_a_list()
    {
        using Checkpoint checkpoint = Checkpoint.Open([_folder.Write("y.safetensors", "a", "b"), _folder.Write("x", "c")]);

        Assert.Equal(["x", "y.safetensors"], checkpoint.Files);
        Assert.Equal(["a y.safetensors", "b y.safetensors", "c x"], checkpoint.Tensors.Values.Select(tensor => $"{tensor.Name} {tensor.File}").Order());
        Assert.Equal(_folder.Path, checkpoint.Path);
        Assert.Equal([1], Bytes(checkpoint, "b"));
    }

    [Fact]
    public void Files_of_one_name_in_two_folders_are_told_apart()
    {
        using TemporaryFolder other = new();
        string[] files = [_folder.Write("model.safetensors", "a", "b"), other.Write("model.safetensors", "c", "d", "e")];

        using Checkpoint checkpoint = Checkpoint.Open(files);

        Assert.Equal(files.Order(StringComparer.Ordinal), checkpoint.Files);
        Assert.Equal((files[0], files[1]), (checkpoint.Tensors["b"].File, checkpoint.Tensors["e"].File));
        Assert.Equal([1, 2], [.. Bytes(checkpoint, "b"), .. Bytes(checkpoint, "e")]);
    }

    [Fact]
    public void What_is_wrong_with_a_list_is_said_at_once()
    {
        string[] files = [_folder.Write("x", "a", "b"), _folder.Write("y", "b"), _folder.At("z"), _folder.Write("w", [1])];

        Assert.Equal(
            ["files are missing: z.", "w: the file has 1 bytes, too few for the length of a header.", "tensor \"b\" is in x and in y."],
            Assert.Throws<CheckpointException>(() => Checkpoint.Open(files)).Problems);
        Assert.Equal([$"{files[0]} is listed twice."], Assert.Throws<CheckpointException>(() => Checkpoint.Open([files[0], files[1], $"{_folder.Path}/./x"])).Problems);
        Assert.Throws<ArgumentException>(() => Checkpoint.Open(Array.Empty<string>()));
    }

    [Theory]
    [InlineData("model-00001-of-00003.safetensors", "model-00002-of-00003.safetensors", "model-00003-of-00003.safetensors")]
    [InlineData("model.safetensors-00001-of-00002.safetensors", "model.safetensors-00002-of-00002.safetensors")]
    [InlineData("x-0-of-2.safetensors", "x-1-of-2.safetensors")]
    [InlineData("consolidated.safetensors")]
    public void Numbered_files_that_are_all_there_need_no_index(params string[] names)
    {
        foreach ((int i, string name) in names.Index()) _folder.Write(name, $"t{i}");
        _folder.Write("config.json", [1]);
        _folder.Write("._model.safetensors", [1]);

        using Checkpoint checkpoint = Checkpoint.Open(_folder.Path);

        Assert.Equal(names, checkpoint.Files);
        Assert.Equal(names.Length, checkpoint.Tensors.Count);
    }

    [Theory]
    [InlineData("files are missing: model-00001-of-00004.safetensors, model-00003-of-00004.safetensors.", "model-00002-of-00004.safetensors", "model-00004-of-00004.safetensors")]
    [InlineData("files are missing: x-2-of-3.safetensors.", "x-0-of-3.safetensors", "x-1-of-3.safetensors")]
    [InlineData("of the files x-0-of-2.safetensors to x-2-of-2.safetensors there are more than 2.", "x-0-of-2.safetensors", "x-1-of-2.safetensors", "x-2-of-2.safetensors")]
    [InlineData("the folder has several checkpoints, a-1-of-1.safetensors, b-1-of-1.safetensors: open one of the files, or list those that belong together.", "a-1-of-1.safetensors", "b-1-of-1.safetensors")]
    [InlineData("the folder has several checkpoints, a.safetensors, b.gguf: open one of the files, or list those that belong together.", "a.safetensors", "b.gguf")]
    [InlineData("the folder has neither model.safetensors.index.json nor model.safetensors, and no *.safetensors and no *.gguf.")]
    public void What_is_not_one_checkpoint_is_refused_by_name(string problem, params string[] names)
    {
        foreach ((int i, string name) in names.Index()) _folder.Write(name, $"t{i}");

        Assert.Equal([problem], Assert.Throws<CheckpointException>(() => Checkpoint.Open(_folder.Path)).Problems);
    }

    [Fact]
    public void A_count_that_no_folder_has_costs_nothing()
    {
        _folder.Write("x-1-of-9999999.safetensors", "t");
        Assert.EndsWith("and 9999988 more.", Assert.Throws<CheckpointException>(() => Checkpoint.Open(_folder.Path)).Message);
    }

    [Fact]
    public void An_index_of_another_name_is_opened_by_itself_or_where_it_is_the_only_one()
    {
        _folder.Write("model.fp16-00001-of-00002.safetensors", "a", "old");
        _folder.Write("model.fp16-00002-of-00002.safetensors", "b");
        string index = _folder.Write("model.safetensors.index.fp16.json", """{"weight_map":{"a":"model.fp16-00001-of-00002.safetensors","b":"model.fp16-00002-of-00002.safetensors"}}"""u8.ToArray());

        foreach (string path in new[] { _folder.Path, index })
        {
            using Checkpoint checkpoint = Checkpoint.Open(path);
            Assert.Equal(["a", "b"], checkpoint.Tensors.Keys.Order());
        }

        _folder.Write("consolidated.safetensors", "c");
        Assert.Contains("several checkpoints, model.safetensors.index.fp16.json, consolidated.safetensors:", Assert.Throws<CheckpointException>(() => Checkpoint.Open(_folder.Path)).Message);
        using Checkpoint named = Checkpoint.Open(index);
        Assert.Equal("old", Assert.Single(named.PassedOver).Name);
    }

    [Fact]
    public void A_cache_of_a_hub_stands_for_its_snapshot()
    {
        string snapshot = Hub("0123abc");

        foreach (string path in new[] { _folder.Path, snapshot })
        {
            using Checkpoint checkpoint = Checkpoint.Open(path);
            Assert.Equal(["a", "b"], checkpoint.Tensors.Keys.Order());
            Assert.Equal(path, checkpoint.Path);
            Assert.Equal([1], Bytes(checkpoint, "b"));
        }

        // Of several the one that is named; of one without a name it.
        Directory.CreateDirectory(_folder.At("snapshots/456"));
        using (Checkpoint.Open(_folder.Path))
        {
        }
        File.Delete(_folder.At("refs/main"));
        Assert.Contains("has no refs/main, and the snapshots 0123abc, 456: open one of them", Assert.Throws<CheckpointException>(() => Checkpoint.Open(_folder.Path)).Message);
        Directory.Delete(_folder.At("snapshots/456"));
        using (Checkpoint.Open(_folder.Path))
        {
        }
    }

    [Theory]
    [InlineData("blobs/weights", "it is a link to ../../blobs/weights, which is not there: was the download completed?")]
    [InlineData("snapshots/0123abc/model.safetensors.index.json", null)]
    [InlineData("refs/main", null)]
    public void What_a_cache_lacks_is_said(string gone, string? problem)
    {
        Hub("0123abc");
        File.Delete(_folder.At(gone));
        if (problem is null)
        {
            // The numbered files are all there, and so is the only snapshot.
            using Checkpoint checkpoint = Checkpoint.Open(_folder.Path);
            Assert.Equal(["a", "b"], checkpoint.Tensors.Keys.Order());
        }
        else
        {
            Assert.EndsWith(problem, Assert.Throws<CheckpointException>(() => Checkpoint.Open(_folder.Path)).Message);
        }
    }

    [Theory]
    [InlineData("index")]
    [InlineData("single")]
    public void A_link_that_leads_nowhere_is_not_passed_over(string blob)
    {
        Hub("0123abc");
        string name = blob == "index" ? "model.safetensors.index.json" : "model.safetensors";
        File.Delete(_folder.At("snapshots/0123abc/model.safetensors.index.json"));
        File.CreateSymbolicLink(_folder.At($"snapshots/0123abc/{name}"), $"../../blobs/{blob}-gone");
        if (blob == "index") _folder.Write("snapshots/0123abc/model.safetensors", "other");

        CheckpointException e = Assert.Throws<CheckpointException>(() => Checkpoint.Open(_folder.Path));

        Assert.EndsWith($"{name}: it is a link to ../../blobs/{blob}-gone, which is not there: was the download completed?", e.Message);
    }

    [Theory]
    [InlineData("fedcba", "refs/main names the snapshot \"fedcba\", which is not there; there are 0123abc: was the download completed?")]
    [InlineData("../../etc", "refs/main names the snapshot \"../../etc\", which is not there; there are 0123abc: was the download completed?")]
    public void A_snapshot_that_is_not_there_is_named(string reference, string problem)
    {
        Hub("0123abc");
        _folder.Write("refs/main", Encoding.UTF8.GetBytes(reference));

        Assert.Equal([problem], Assert.Throws<CheckpointException>(() => Checkpoint.Open(_folder.Path)).Problems);
    }

    private static byte[] Bytes(Checkpoint checkpoint, string name)
    {
        byte[] bytes = new byte[checkpoint.Tensors[name].Length];
        checkpoint.Read(checkpoint.Tensors[name], 0, bytes);
        return bytes;
    }

    /// <summary>A cache with one snapshot of one file and an index, which are links to blobs.</summary>
    private string Hub(string commit)
    {
        foreach (string folder in new[] { "blobs", "refs", $"snapshots/{commit}" }) Directory.CreateDirectory(_folder.At(folder));
        _folder.Write("blobs/weights", "a", "b");
        _folder.Write("blobs/index", """{"weight_map":{"a":"model-00001-of-00001.safetensors","b":"model-00001-of-00001.safetensors"}}"""u8.ToArray());
        _folder.Write("refs/main", Encoding.UTF8.GetBytes(commit));
        File.CreateSymbolicLink(_folder.At($"snapshots/{commit}/model-00001-of-00001.safetensors"), "../../blobs/weights");
        File.CreateSymbolicLink(_folder.At($"snapshots/{commit}/model.safetensors.index.json"), "../../blobs/index");
        return _folder.At($"snapshots/{commit}");
    }
}
