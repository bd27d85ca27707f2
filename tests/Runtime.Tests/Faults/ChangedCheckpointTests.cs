using Lanyard.Checkpoints;
using Lanyard.Tests.Checkpoints;
using Lanyard.Tests.Fuzz;
using Lanyard.Tests.Models;
using TorchSharp;
using Xunit.Abstractions;

namespace Lanyard.Tests.Faults;

/// <summary>Whatever is done to a checkpoint, it is refused with an exception of ours that names the file, or every byte of it is read as it is.</summary>
[Trait("Category", "Faults")]
public sealed class ChangedCheckpointTests : IDisposable
{
    private const int Seconds = 20;
    private readonly ITestOutputHelper _output;
    private readonly TemporaryFolder _folder = new();
    private readonly IReadOnlyList<FuzzBase> _bases;
    private readonly TinyModel _model = new(FuzzBase.Sizes);

    public ChangedCheckpointTests(ITestOutputHelper output) => (_output, _bases) = (output, FuzzBase.All(_folder.Path));

    public void Dispose()
    {
        _model.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void A_changed_checkpoint_is_refused_or_read()
    {
        var counts = FuzzTime.Run(FuzzCase.Gen, Seconds, Check, item => $"{BaseOf(item).Name}: {item}", _output);

        Assert.True(new[] { "refused", "misfit", "loaded", "merged", "not merged" }.All(counts.ContainsKey), string.Join(", ", counts));
    }

    private FuzzBase BaseOf(FuzzCase item) => _bases[(int)(item.Base % _bases.Count)];

    private string Check(FuzzCase item)
    {
        var path = _folder.At("changed");
        if (Directory.Exists(path)) Directory.Delete(path, recursive: true);
        Directory.CreateDirectory(path);
        var files = BaseOf(item).Changed(item).ToDictionary();
        foreach (var (name, bytes) in files) File.WriteAllBytes(Path.Combine(path, name), bytes);
        var names = files.Keys.ToList();
        foreach (var (file, change) in item.Files) Change(path, names, names[(int)(file % names.Count)], change, files);

        try
        {
            using var checkpoint = Checkpoint.Open(path);
            ReadAll(checkpoint, files, new Random(item.Reads));
            if (BaseOf(item).OfRank) return Merge(path);
            LoadPlan.Create(_model, checkpoint).Execute();
            return "loaded";
        }
        catch (CheckpointException e)
        {
            Assert.Contains(path, e.Message);
            Assert.DoesNotContain(e.Message, c => char.IsControl(c) && c is not ('\r' or '\n'));
            return "refused";
        }
        catch (LoadException e)
        {
            Assert.Contains(path, e.Message);
            return "misfit";
        }
    }

    private string Merge(string path)
    {
        try
        {
            CheckpointMerge.Merge([path, _folder.At("rank 1")], _folder.At("merged"));
            return "merged";
        }
        catch (ExportException)
        {
            return "not merged";
        }
    }

    private static void Change(string folder, List<string> names, string name, FileChange change, Dictionary<string, byte[]> files)
    {
        var path = Path.Combine(folder, name);
        if (Directory.Exists(path)) return;
        File.Delete(path);
        switch (change)
        {
            case FileChange.Empty:
                File.WriteAllBytes(path, files[name] = []);
                break;
            case FileChange.Folder:
                Directory.CreateDirectory(path);
                break;
            case FileChange.Loop when OperatingSystem.IsLinux():
                File.CreateSymbolicLink(path, path);
                break;
            case FileChange.First:
                File.WriteAllBytes(path, files[name] = files[names[0]]);
                break;
        }
    }

    // The bytes as they were written are the measure: a read past a tensor's end, or its file's, does not give them.
    private static void ReadAll(Checkpoint checkpoint, Dictionary<string, byte[]> files, Random random)
    {
        foreach (var tensor in checkpoint.Tensors.Values)
        {
            var expected = files[tensor.File].AsSpan(checked((int)tensor.Offset), checked((int)tensor.Length)).ToArray();
            var found = new byte[tensor.Length];
            checkpoint.Read(tensor, 0, found);
            Assert.Equal(expected, found);

            var (from, count) = (random.Next(expected.Length + 1), random.Next(expected.Length + 1));
            var part = new byte[Math.Min(count, expected.Length - from)];
            checkpoint.Read(tensor, from, part);
            Assert.Equal(expected[from..(from + part.Length)], part);
            Assert.Throws<ArgumentOutOfRangeException>(() => checkpoint.Read(tensor, expected.Length - part.Length + 1, part));

            using var view = checkpoint.View(tensor);
            Assert.Equal(tensor.Shape, view.shape);
            Assert.Equal(tensor.DType.ToScalarType(), view.dtype);
            Assert.Equal(expected.Length, view.numel() * tensor.DType.Size());
            if (expected.Length > 0) Assert.True(view.bytes.SequenceEqual(expected), $"the view of {tensor} has other bytes");
        }
    }
}
