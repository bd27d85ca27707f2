using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Models.Layers;

/// <summary>What stands between the projections of feed-forward blocks, by its name in configurations.</summary>
public static class Gates
{
    /// <summary><c>gelu_pytorch_tanh</c>.</summary>
    public static Tensor GeluTanh(Tensor x) => functional.gelu(x, TorchSharp.Modules.GELU.Approximate.tanh, false);
}
