using Lanyard.Checkpoints;
using TorchSharp;
using static TorchSharp.torch;

namespace Lanyard.Tests.Models;

/// <summary>Checkpoints of a test, written to a folder that goes with it, and the tensors that it makes meanwhile.</summary>
internal sealed class TensorFiles : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("lanyard-");
    private readonly List<Checkpoint> _open = [];

    public void Dispose()
    {
        foreach (var checkpoint in _open) checkpoint.Dispose();
        _scope.Dispose();
        _directory.Delete(recursive: true);
    }

    /// <summary>Opens a fixture.</summary>
    public Checkpoint Fixture(string name) => Opened(Checkpoint.Open(Fixtures.Path(name)));

    /// <summary>Writes a checkpoint and opens it.</summary>
    public Checkpoint Stored(IEnumerable<KeyValuePair<string, Tensor>> tensors)
    {
        var path = Path.Combine(_directory.FullName, $"{Guid.NewGuid():N}.safetensors");
        CheckpointWriter.Write(path, tensors.Select(tensor => (tensor.Key, tensor.Value)));
        return Opened(Checkpoint.Open(path));
    }

    /// <summary>The tensors of a checkpoint below a prefix, under the rest of their names.</summary>
    public static Dictionary<string, Tensor> Below(Checkpoint checkpoint, string prefix) =>
        checkpoint.Tensors.Where(item => item.Key.StartsWith(prefix, StringComparison.Ordinal)).ToDictionary(item => item.Key[prefix.Length..], item => checkpoint.View(item.Value));

    public LoadReport Load(IParameterModule model, IEnumerable<KeyValuePair<string, Tensor>> tensors, LoadOptions? options = null) =>
        LoadPlan.Create(model, Stored(tensors), options).Execute();

    public IReadOnlyList<LoadProblem> Refused(IParameterModule model, IEnumerable<KeyValuePair<string, Tensor>> tensors, LoadOptions? options = null)
    {
        var checkpoint = Stored(tensors);
        return Assert.Throws<LoadException>(() => LoadPlan.Create(model, checkpoint, options)).Problems;
    }

    private Checkpoint Opened(Checkpoint checkpoint)
    {
        _open.Add(checkpoint);
        return checkpoint;
    }
}
