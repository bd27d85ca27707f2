using Lanyard.Checkpoints;
using TorchSharp;
using static TorchSharp.torch;

namespace Lanyard.Loading.Benchmarks;

/// <summary>Other ways to get a checkpoint into parameters that have the checkpoint's names and shapes.</summary>
internal static class Peers
{
    /// <summary>As TorchSharp.PyBridge 1.4.3 does: every tensor is read from a stream with its default buffer into memory of its own, then all are copied.</summary>
    public static void StreamThenCopy(Checkpoint checkpoint, string path, IReadOnlyDictionary<string, Tensor> parameters)
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
            parameters[name].copy_(tensor);
            tensor.Dispose();
        }
    }

    /// <summary>TorchSharp alone: the mapped file, and one <c>copy_</c> for each tensor.</summary>
    public static void MapThenCopy(Checkpoint checkpoint, IReadOnlyDictionary<string, Tensor> parameters)
    {
        using var noGrad = no_grad();
        foreach (var stored in checkpoint.Tensors.Values)
        {
            using var view = checkpoint.View(stored);
            parameters[stored.Name].copy_(view);
        }
    }

    /// <summary>The parameters of a model without fused ones: a tensor for each in the checkpoint, in memory that nothing was written to yet.</summary>
    public static Dictionary<string, Tensor> Parameters(Checkpoint checkpoint, ScalarType type) =>
        checkpoint.Tensors.Values.ToDictionary(stored => stored.Name, stored => torch.empty([.. stored.Shape], type));
}
