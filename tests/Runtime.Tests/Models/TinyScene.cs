using Lanyard.Checkpoints;
using TorchSharp;
using static TorchSharp.torch;

namespace Lanyard.Tests.Models;

/// <summary>A model, weights on disk, and what a test needs to compare them. Everything is disposed with it.</summary>
internal sealed class TinyScene : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("lanyard-");

    public TinyScene(TinySizes? sizes = null, Topology? topology = null, ScalarType type = ScalarType.Float32)
    {
        Sizes = sizes ?? new TinySizes();
        First = TinyWeights.Fused(Sizes, seed: 1);
        Second = TinyWeights.Fused(Sizes, seed: 2);
        Model = new TinyModel(Sizes, topology, type);
    }

    public TinySizes Sizes { get; }

    public TinyModel Model { get; }

    /// <summary>The weights of a first load, in the fused format.</summary>
    public Dictionary<string, Tensor> First { get; }

    /// <summary>The next weights.</summary>
    public Dictionary<string, Tensor> Second { get; }

    public TinyAttention Attention => Model.Layers[0].Attention;

    public TinyExperts Experts => Model.Layers[0].FeedForward;

    public void Dispose()
    {
        Model.Dispose();
        _scope.Dispose();
        _directory.Delete(recursive: true);
    }

    /// <summary>Writes a checkpoint and opens it.</summary>
    public Checkpoint Stored(IEnumerable<KeyValuePair<string, Tensor>> tensors)
    {
        var path = Path.Combine(_directory.FullName, $"{Guid.NewGuid():N}.safetensors");
        CheckpointWriter.Write(path, tensors.Select(tensor => (tensor.Key, tensor.Value)));
        return Checkpoint.Open(path);
    }

    public LoadReport Load(IEnumerable<KeyValuePair<string, Tensor>> tensors, IParameterModule? model = null, LoadOptions? options = null)
    {
        using var checkpoint = Stored(tensors);
        return LoadPlan.Create(model ?? Model, checkpoint, options).Execute();
    }

    public LoadException Refused(IEnumerable<KeyValuePair<string, Tensor>> tensors, LoadOptions? options = null)
    {
        using var checkpoint = Stored(tensors);
        return Assert.Throws<LoadException>(() => LoadPlan.Create(Model, checkpoint, options));
    }

    public LoadReport Refit(IEnumerable<KeyValuePair<string, Tensor>> tensors, RefitMode mode = RefitMode.Staged, RefitScope scope = RefitScope.Whole)
    {
        using var refit = Model.BeginRefit(mode, scope);
        foreach (var (name, value) in tensors) refit.Write(name, value);
        return refit.Commit();
    }

    /// <summary>The bits of every parameter, by full name.</summary>
    public Dictionary<string, byte[]> Bits(IParameterModule? model = null)
    {
        var bits = new Dictionary<string, byte[]>();
        foreach (var (name, parameter) in (model ?? Model).AllParameters())
        {
            // What post-load makes is not there before a load.
            if (parameter.Owner.State == ModelState.Building && parameter.Entry.Sources.IsEmpty) continue;
            using var contiguous = parameter.Value.contiguous();
            bits[name] = contiguous.bytes.ToArray();
        }
        return bits;
    }

    public Dictionary<string, nint> Addresses() => Model.AllParameters().ToDictionary(item => item.Name, item => TensorAddress.Of(item.Parameter.Value));

    /// <summary>The bits of a fresh model after a load of the weights.</summary>
    public Dictionary<string, byte[]> BitsOf(Dictionary<string, Tensor> weights, ScalarType type = ScalarType.Float32)
    {
        using var model = new TinyModel(Sizes, null, type);
        Load(weights, model, new LoadOptions { AllowNarrowing = true });
        return Bits(model);
    }
}
