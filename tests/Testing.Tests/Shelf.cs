using Lanyard.Checkpoints;
using TorchSharp;
using static TorchSharp.torch;

namespace Lanyard.Testing.Tests;

/// <summary>A folder for checkpoints that tests write, and random tensors for them.</summary>
public sealed class Shelf : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("lanyard-shelf-");
    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly Generator _random = new(17915, CPU);

    /// <summary>The path of a file.</summary>
    public string At(string name) => Path.Combine(_directory.FullName, name);

    /// <summary>Random values of a shape.</summary>
    public Tensor Random(params long[] shape) => randn(shape, generator: _random);

    /// <summary>Writes a checkpoint and returns its path.</summary>
    public string Stored(params (string Name, Tensor Value)[] tensors)
    {
        var path = At($"{Guid.NewGuid():N}.safetensors");
        CheckpointWriter.Write(path, tensors);
        return path;
    }

    /// <summary>The tensors that a model takes in a format, with random values, some under other names.</summary>
    public (string Name, Tensor Value)[] Tensors(IParameterModule model, string? format = null, string prefix = "") =>
        [.. model.ExpectedTensors(format).DistinctBy(tensor => tensor.Name).Select(tensor => (prefix + tensor.Name, Random([.. tensor.Shape]).to(tensor.Type.ToScalarType())))];

    public void Dispose()
    {
        _scope.Dispose();
        _directory.Delete(recursive: true);
    }
}
