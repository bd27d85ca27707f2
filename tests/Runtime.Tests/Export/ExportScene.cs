using Lanyard.Checkpoints;
using Lanyard.Tests.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace Lanyard.Tests.Export;

/// <summary>A loaded model and folders to export it to.</summary>
internal sealed class ExportScene : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("lanyard-export-");

    public ExportScene(ScalarType type = ScalarType.Float32, TinySizes? sizes = null)
    {
        Tiny = new TinyScene(sizes, type: type);
        Tiny.Load(Tiny.First, options: new LoadOptions { AllowNarrowing = true });
    }

    public TinyScene Tiny { get; }

    public TinyModel Model => Tiny.Model;

    public string At(string name) => Path.Combine(_directory.FullName, name);

    public ExportReport Export(string name = "out", ExportOptions? options = null) => Model.Export(At(name), options);

    /// <summary>What a checkpoint has: for each tensor its element type, shape and bits.</summary>
    public static SortedDictionary<string, (CheckpointType Type, string Shape, string Bits)> Stored(string path)
    {
        using var checkpoint = Checkpoint.Open(path);
        var all = new SortedDictionary<string, (CheckpointType, string, string)>(StringComparer.Ordinal);
        foreach (var (name, tensor) in checkpoint.Tensors)
        {
            var bytes = new byte[tensor.Length];
            checkpoint.Read(tensor, 0, bytes);
            all.Add(name, (tensor.DType, string.Join(',', tensor.Shape), Convert.ToHexString(bytes)));
        }
        return all;
    }

    /// <summary>The same of tensors in memory.</summary>
    public static SortedDictionary<string, (CheckpointType Type, string Shape, string Bits)> Stored(IEnumerable<KeyValuePair<string, Tensor>> tensors)
    {
        var all = new SortedDictionary<string, (CheckpointType, string, string)>(StringComparer.Ordinal);
        foreach (var (name, tensor) in tensors)
        {
            using var contiguous = tensor.contiguous();
            all.Add(name, (CheckpointTypes.FromScalarType(tensor.dtype), string.Join(',', tensor.shape), Convert.ToHexString(contiguous.bytes)));
        }
        return all;
    }

    public void Dispose()
    {
        Tiny.Dispose();
        _directory.Delete(recursive: true);
    }
}
