using CsCheck;
using Lanyard.Checkpoints;
using Lanyard.Tests.Checkpoints;
using Lanyard.Tests.Fuzz;
using Lanyard.Tests.Models.Gguf;
using TorchSharp;
using Xunit.Abstractions;

namespace Lanyard.Tests.Faults;

/// <summary>Whatever is done to a GGUF file, it is refused with an exception of ours that names it, or every byte and every value of it is read as it is, and loaded where a model takes it.</summary>
[Trait("Category", "Faults")]
public sealed class ChangedGgufTests(ITestOutputHelper output) : IDisposable
{
    private const int Seconds = 10;
    private const int MostMetadata = 1000;

    // The header of the second one ends there, and that of the others does before.
    private const int HeaderBytes = 1024;

    private static readonly Gen<(int Base, (int File, GgufChange Change)[] Changes)> Cases = Gen.Select(Gen.Int[0, 2], Gen.Select(Gen.Int[0, 1], GgufChange.Gen).Array[1, 3]);

    private readonly TemporaryFolder _folder = new();
    private readonly BlockCube _model = new(1, 2, 32);
    private readonly byte[][][] _bases = [[Small()], [File.ReadAllBytes(Fixtures.Path("gguf", "aligned-256.gguf"))], [Part(0), Part(1)]];

    public void Dispose()
    {
        _model.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void A_changed_file_is_refused_or_read()
    {
        var counts = FuzzTime.Run(Cases, Seconds, item => Check(item.Base, item.Changes), item => $"base {item.Base}: {string.Join("; ", item.Changes)}", output);

        Assert.True(new[] { "refused", "read", "misfit", "loaded" }.All(counts.ContainsKey), string.Join(", ", counts));
    }

    private static byte[] Small() => new GgufFile()
        .With("general.architecture", "x").With("x.count", 3u).With("x.list", new[] { "a", "", "b" }).With("x.lists", new[] { new[] { 1.5f }, [2, 3] }).With("x.yes", new[] { true, false })
        .Tensor("cube", 8, [1, 2, 32], [.. Enumerable.Range(0, 68).Select(i => (byte)i)]).Tensor("matrix", 2, [2, 32], [.. Enumerable.Range(0, 36).Select(i => (byte)i)]).Tensor("norm", 1, [32], new byte[64])
        .Bytes();

    private static byte[] Part(int number) => new GgufFile()
        .With("split.no", (ushort)number).With("split.count", (ushort)2).With("split.tensors.count", 2).Tensor($"t{number}", 24, [4], [1, 2, 3, 4]).Bytes();

    private string Check(int which, (int File, GgufChange Change)[] changes)
    {
        byte[][] files = [.. _bases[which]];
        foreach (var (file, change) in changes) files[file % files.Length] = change.Apply(files[file % files.Length], HeaderBytes);
        string[] names = files.Length == 1 ? ["x.gguf"] : ["x-00001-of-00002.gguf", "x-00002-of-00002.gguf"];
        foreach (var (name, bytes) in names.Zip(files)) _folder.Write(name, bytes);
        try
        {
            using var checkpoint = Checkpoint.Open(_folder.At(names[^1]));
            foreach (var tensor in checkpoint.Tensors.Values) Read(checkpoint, tensor, files[names.IndexOf(tensor.File)]);
            foreach (var value in checkpoint.TypedMetadata.Values) Read(value);
            if (which > 0) return "read";
            LoadPlan.Create(_model, checkpoint).Execute();
            return "loaded";
        }
        catch (LoadException e)
        {
            Assert.Contains(_folder.Path, e.Message);
            return "misfit";
        }
        catch (CheckpointException e)
        {
            Assert.Contains(_folder.Path, e.Message);
            Assert.DoesNotContain(e.Message, c => char.IsControl(c) && c is not ('\r' or '\n'));
            return "refused";
        }
    }

    private static void Read(Checkpoint checkpoint, CheckpointTensor tensor, byte[] file)
    {
        var bytes = new byte[tensor.Length];
        checkpoint.Read(tensor, 0, bytes);
        Assert.True(bytes.AsSpan().SequenceEqual(file.AsSpan((int)Math.Min(tensor.Offset, file.Length), bytes.Length)), $"{tensor}");
        if (tensor.DType.IsBlocks()) return;
        using var view = checkpoint.View(tensor);
        Assert.Equal(tensor.Shape.ToArray(), view.shape);
        Assert.True(tensor.Length == 0 || view.bytes.SequenceEqual(bytes), $"{tensor}");
    }

    private static void Read(MetadataValue value)
    {
        switch (value.Kind)
        {
            case MetadataKind.Text: Assert.NotNull(value.Text); break;
            case MetadataKind.Array: foreach (var item in value.Items.Take(MostMetadata)) Read(item); break;
            default: Assert.NotEmpty($"{value}"); break;
        }
    }
}
