using Lanyard.Checkpoints;
using TorchSharp;
using static TorchSharp.torch;

namespace Lanyard.Loading.Benchmarks;

/// <summary>A checkpoint on the disk with noise in it, and the model that takes it.</summary>
internal sealed class Scene : IDisposable
{
    private readonly Func<IParameterModule> _make;

    /// <param name="make">Makes the model.</param>
    /// <param name="tensors">The names and shapes of the checkpoint, in bfloat16.</param>
    public Scene(Func<IParameterModule> make, IEnumerable<(string Name, long[] Shape)> tensors)
    {
        _make = make;
        Path = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"lanyard-{Guid.NewGuid():N}.safetensors");
        CheckpointWriter.Write(Path, tensors.Select(tensor => new TensorProducer(tensor.Name, CheckpointType.BF16, [.. tensor.Shape], () => torch.randn(tensor.Shape, ScalarType.BFloat16))));
        using var checkpoint = Checkpoint.Open(Path);
        Bytes = checkpoint.TotalBytes;
    }

    public string Path { get; }

    /// <summary>The size of all tensors.</summary>
    public long Bytes { get; }

    public void Dispose() => File.Delete(Path);

    /// <summary>A first load into a model that nothing was written to yet, from opening the file on.</summary>
    public Contender Cold(string name, LoadOptions? options = null) => new(name, () =>
    {
        Limits.Settle(Bytes);
        var model = _make();
        return new Turn(() => Load(model, options), () => ((nn.Module)model).Dispose());
    });

    /// <summary>What comes after a first load, the last step of it timed.</summary>
    public Contender AfterCold(string name, LoadOptions? options, params Action<IParameterModule>[] steps) => new(name, () =>
    {
        Limits.Settle(Bytes);
        var model = _make();
        Load(model, options);
        foreach (var step in steps[..^1]) step(model);
        return new Turn(() => steps[^1](model), () => ((nn.Module)model).Dispose());
    });

    /// <summary>Reads every element, as a first forward pass does.</summary>
    public static void Read(IParameterModule model)
    {
        foreach (var (_, parameter) in model.AllParameters()) parameter.Value.max().Dispose();
    }

    /// <summary>Refits in place from the file.</summary>
    public void Refit(IParameterModule model)
    {
        using var checkpoint = Checkpoint.Open(Path);
        using var refit = model.BeginRefit(RefitMode.InPlace);
        refit.Write(checkpoint);
        refit.Commit();
    }

    /// <summary>A refit of a live model from the file, from opening it on.</summary>
    public Contender FromFile(string name, RefitMode mode, LoadOptions? options = null)
    {
        var model = _make();
        Load(model, options);
        return new Contender(name, () => new Turn(
            () =>
            {
                using var checkpoint = Checkpoint.Open(Path);
                using var refit = model.BeginRefit(mode, options: options);
                refit.Write(checkpoint);
                refit.Commit();
            },
            () => { }), ((nn.Module)model).Dispose);
    }

    /// <summary>A refit of a live model from tensors in memory, one after the other where nothing else is said.</summary>
    public Contender FromMemory(string name, RefitMode mode, Action<RefitSession, IReadOnlyCollection<KeyValuePair<string, Tensor>>>? write = null)
    {
        var (model, tensors) = (_make(), Tensors());
        Load(model, null);
        return new Contender(name, () =>
        {
            if (mode == RefitMode.Staged) Limits.Settle(Bytes);
            return new Turn(
                () =>
                {
                    using var refit = model.BeginRefit(mode);
                    if (write is not null) write(refit, tensors);
                    else foreach (var (tensor, value) in tensors) refit.Write(tensor, value);
                    refit.Commit();
                },
                () => { });
        }, () =>
        {
            ((nn.Module)model).Dispose();
            foreach (var tensor in tensors.Values) tensor.Dispose();
        });
    }

    /// <summary>Patches of a part of the elements of every tensor, their indices in order, as a comparison of old and new finds them, or in none.</summary>
    public Contender Patch(string name, RefitMode mode, double part, bool ascending)
    {
        var model = _make();
        Load(model, null);
        using var checkpoint = Checkpoint.Open(Path);
        var patches = checkpoint.Tensors.Values.Select(stored =>
        {
            var count = (long)(stored.ElementCount * part);
            using var positions = ascending ? torch.arange(count, ScalarType.Int64) : torch.randperm(count, ScalarType.Int64);
            return (stored.Name, Indices: positions.mul(stored.ElementCount / count), Values: torch.randn(count, ScalarType.BFloat16));
        }).ToList();
        return new Contender(name, () => new Turn(
            () =>
            {
                using var refit = model.BeginRefit(mode, RefitScope.Subset);
                foreach (var (tensor, indices, values) in patches) refit.Patch(tensor, indices, values);
                refit.Commit();
            },
            () => { }), () =>
            {
                ((nn.Module)model).Dispose();
                patches.ForEach(patch => patch.Indices.Dispose());
                patches.ForEach(patch => patch.Values.Dispose());
            });
    }

    /// <summary>Something that reads the open file into parameters of the checkpoint's names and shapes.</summary>
    public Contender Peer(string name, bool fresh, Action<Checkpoint, IReadOnlyDictionary<string, Tensor>> read)
    {
        Dictionary<string, Tensor>? kept = null;
        return new Contender(name, () =>
        {
            var checkpoint = Checkpoint.Open(Path);
            if (fresh) Limits.Settle(Bytes);
            var parameters = kept ?? Peers.Parameters(checkpoint, ScalarType.BFloat16);
            if (!fresh) kept = parameters;
            return new Turn(() => read(checkpoint, parameters), () =>
            {
                checkpoint.Dispose();
                if (fresh) Drop(parameters);
            });
        }, () => Drop(kept ?? []));

        static void Drop(Dictionary<string, Tensor> parameters)
        {
            foreach (var parameter in parameters.Values) parameter.Dispose();
        }
    }

    private void Load(IParameterModule model, LoadOptions? options)
    {
        using var checkpoint = Checkpoint.Open(Path);
        LoadPlan.Create(model, checkpoint, options).Execute();
    }

    private Dictionary<string, Tensor> Tensors()
    {
        using var checkpoint = Checkpoint.Open(Path);
        return checkpoint.Tensors.ToDictionary(item => item.Key, item =>
        {
            using var view = checkpoint.View(item.Value);
            return view.clone();
        });
    }
}
