using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Models.Layers;

/// <summary>A norm of mean and variance, with a weight and a bias, whole on every rank. Source: arXiv 1607.06450.</summary>
[ParameterModule]
public sealed partial class LayerNorm : Module<Tensor, Tensor>
{
    private readonly double _eps;

    /// <summary>Makes the norm; the values are not initialised.</summary>
    /// <param name="hidden">The width of what is normalised.</param>
    /// <param name="eps">What is added to the variance before its root is taken.</param>
    public LayerNorm(int hidden, double eps)
        : base(nameof(LayerNorm))
    {
        (Hidden, _eps) = (hidden, eps);
        RegisterComponents();
    }

    /// <summary>The width of what is normalised.</summary>
    [Axis]
    public int Hidden { get; }

    /// <summary>The weight, [hidden].</summary>
    [Parameter("hidden")]
    [FromCheckpoint("weight", "hidden", Cast = true)]
    public partial Parameter Weight { get; private set; }

    /// <summary>The bias, [hidden].</summary>
    [Parameter("hidden")]
    [FromCheckpoint("bias", "hidden", Cast = true)]
    public partial Parameter Bias { get; private set; }

    /// <summary>Normalises the last dimension.</summary>
    /// <param name="x">[... hidden]</param>
    /// <returns>[... hidden]</returns>
    public override Tensor forward(Tensor x) => functional.layer_norm(x, [Hidden], Weight, Bias, _eps);
}
