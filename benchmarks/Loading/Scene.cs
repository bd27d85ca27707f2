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

    private Scene(Func<IParameterModule> make, string path, long bytes) => (_make, Path, Bytes) = (make, path, bytes);

    /// <summary>A GGUF file of blocks of noise, and the model that takes it in bfloat16.</summary>
    public static Scene Of(Func<IParameterModule> make, IReadOnlyCollection<(string Name, long[] Shape)> tensors, uint number, CheckpointType type)
    {
        var path = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"lanyard-{Guid.NewGuid():N}.gguf");
        using (var file = File.Create(path))
        {
            using var writer = new BinaryWriter(file);
            writer.Write("GGUF"u8);
            writer.Write(3);
            writer.Write((long)tensors.Count);
            writer.Write(0L);
            var offset = 0L;
            foreach (var (name, shape) in tensors)
            {
                writer.Write((long)name.Length);
                writer.Write(name.AsSpan().ToArray());
                writer.Write(shape.Length);
                foreach (var size in shape.Reverse()) writer.Write(size);
                writer.Write(number);
                writer.Write(offset);
                offset += shape.Aggregate(1L, (all, size) => all * size) / type.BlockElements() * type.BlockBytes();
            }
            writer.Write(new byte[-file.Position & 31]);
            var noise = new byte[1 << 20];
            new Random(1).NextBytes(noise);
            for (; offset > 0; offset -= noise.Length) writer.Write(noise.AsSpan(0, (int)Math.Min(offset, noise.Length)));
        }
        return new Scene(make, path, 2 * tensors.Sum(tensor => tensor.Shape.Aggregate(1L, (all, size) => all * size)));
    }

    public string Path { get; }

    /// <summary>The size of all tensors in bfloat16.</summary>
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
        var model = Loaded(options);
        foreach (var step in steps[..^1]) step(model);
        return new Turn(() => steps[^1](model), () => ((nn.Module)model).Dispose());
    });

    /// <summary>Reads every element, as a first forward pass does.</summary>
    public static void Read(IParameterModule model)
    {
        foreach (var (_, parameter) in model.AllParameters()) parameter.Value.max().Dispose();
    }

    /// <summary>A model that was loaded from the file.</summary>
    public IParameterModule Loaded(LoadOptions? options = null)
    {
        var model = _make();
        Load(model, options);
        return model;
    }

    /// <summary>Refits from the file, in place.</summary>
    public void Refit(IParameterModule model) => Refit(model, RefitMode.InPlace);

    /// <summary>Refits from the file, from opening it on.</summary>
    public void Refit(IParameterModule model, RefitMode mode, LoadOptions? options = null)
    {
        using var checkpoint = Checkpoint.Open(Path);
        using var refit = model.BeginRefit(mode, options: options);
        refit.Write(checkpoint);
        refit.Commit();
    }

    /// <summary>A refit of a live model from the file, from opening it on.</summary>
    public Contender FromFile(string name, RefitMode mode, LoadOptions? options = null)
    {
        var model = Loaded(options);
        return new Contender(name, () =>
        {
            if (mode == RefitMode.Staged) Limits.Settle(Bytes);
            return new Turn(() => Refit(model, mode, options), () => { });
        }, ((nn.Module)model).Dispose);
    }

    /// <summary>A refit of a live model from tensors in memory, one after the other where nothing else is said.</summary>
    public Contender FromMemory(string name, RefitMode mode, Action<RefitSession, IReadOnlyCollection<KeyValuePair<string, Tensor>>>? write = null, LoadOptions? options = null)
    {
        var (model, tensors) = (Loaded(), Tensors());
        return new Contender(name, () =>
        {
            if (mode == RefitMode.Staged) Limits.Settle(Bytes);
            return new Turn(
                () =>
                {
                    using var refit = model.BeginRefit(mode, options: options);
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
        var model = Loaded();
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

    /// <summary>Something that reads the open file into parameters of the checkpoint's names and shapes, which are new each time or written again.</summary>
    public Contender Peer(string name, bool fresh, Action<Checkpoint, NamedModel> read)
    {
        NamedModel? kept = null;
        return new Contender(name, () =>
        {
            var checkpoint = Checkpoint.Open(Path);
            if (fresh) Limits.Settle(Bytes);
            var model = kept ?? new NamedModel(checkpoint, ScalarType.BFloat16);
            if (!fresh) kept = model;
            return new Turn(() => read(checkpoint, model), () =>
            {
                checkpoint.Dispose();
                if (fresh) model.Dispose();
            });
        }, () => kept?.Dispose());
    }

    /// <summary>The same with tensor operations, given the blocks of each tensor in the mapped file: [blocks, elements of a type].</summary>
    public Contender BlockPeer(string name, Func<Func<ScalarType, Tensor>, Tensor> decode)
    {
        using var checkpoint = Checkpoint.Open(Path);
        var (file, tensors) = (new FileInfo(Path).Length, checkpoint.Tensors.Values.ToList());
        var parameters = tensors.ConvertAll(tensor => torch.zeros([.. tensor.Shape], ScalarType.BFloat16));
        return new Contender(name, () => new Turn(
            () =>
            {
                using var noGrad = no_grad();
                using Tensor bytes = torch.from_file(Path, shared: false, size: file, dtype: ScalarType.Byte), signed = torch.from_file(Path, shared: false, size: file, dtype: ScalarType.Int8), halves = torch.from_file(Path, shared: false, size: file / 2, dtype: ScalarType.Float16);
                foreach (var (tensor, parameter) in tensors.Zip(parameters))
                {
                    using var scope = NewDisposeScope();
                    parameter.copy_(decode(Blocks).view(parameter.shape));

                    Tensor Blocks(ScalarType type)
                    {
                        var (all, size) = type == ScalarType.Byte ? (bytes, 1) : type == ScalarType.Int8 ? (signed, 1) : (halves, 2);
                        return all.narrow(0, tensor.Offset / size, tensor.Length / size).view(-1, tensor.DType.BlockBytes() / size);
                    }
                }
            },
            () => { }), () => parameters.ForEach(parameter => parameter.Dispose()));
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
