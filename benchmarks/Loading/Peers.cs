using Lanyard.Checkpoints;
using TorchSharp;
using TorchSharp.PyBridge;
using static TorchSharp.torch;

namespace Lanyard.Loading.Benchmarks;

/// <summary>Other ways to get a checkpoint into parameters that have the checkpoint's names and shapes.</summary>
internal static class Peers
{
    /// <summary>TorchSharp.PyBridge itself, from its package, with all that it checks.</summary>
    public static void PyBridge(string path, NamedModel model) => model.load_safetensors(path);

    /// <summary>The same by hand: every tensor is read from a stream with its default buffer into memory of its own, then all are copied.</summary>
    public static void StreamThenCopy(Checkpoint checkpoint, string path, NamedModel model)
    {
        using var noGrad = no_grad();
        var read = new Dictionary<string, Tensor>();
        using (var stream = File.OpenRead(path))
        {
            foreach (var stored in checkpoint.Tensors.Values.OrderBy(stored => stored.Offset))
            {
                var tensor = torch.empty([.. stored.Shape], stored.DType.ToScalarType());
                stream.Position = stored.Offset;
                tensor.ReadBytesFromStream(stream);
                read.Add(stored.Name, tensor);
            }
        }
        foreach (var (name, tensor) in read)
        {
            model.Tensors[name].copy_(tensor);
            tensor.Dispose();
        }
    }

    /// <summary>TorchSharp alone: the mapped file, and one <c>copy_</c> for each tensor.</summary>
    public static void MapThenCopy(Checkpoint checkpoint, NamedModel model)
    {
        using var noGrad = no_grad();
        foreach (var stored in checkpoint.Tensors.Values)
        {
            using var view = checkpoint.View(stored);
            model.Tensors[stored.Name].copy_(view);
        }
    }
}
