using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Models.Layers;

/// <summary>A root mean square norm with a weight: x / sqrt(mean(x^2) + eps) times the weight, whole on every rank. Source: arXiv 1910.07467.</summary>
[ParameterModule]
public partial class RmsNorm : Module<Tensor, Tensor>
{
    /// <summary>Makes the norm; the weight is not initialised.</summary>
    /// <param name="hidden">The width of what is normalised.</param>
    /// <param name="eps">What is added to the mean square before its root is taken.</param>
    /// <param name="offset">What is added to the weight when it multiplies: one in families that store their weights less one.</param>
    /// <param name="isWide">Whether the weight multiplies in float32, and the product is rounded; with an offset that is so.</param>
    public RmsNorm(int hidden, double eps, double offset = 0, bool isWide = false)
        : base(nameof(RmsNorm))
    {
        (Hidden, Eps, Offset, IsWide) = (hidden, eps, offset, isWide || offset != 0);
        RegisterComponents();
    }

    /// <summary>The width of what is normalised.</summary>
    [Axis]
    public int Hidden { get; }

    /// <summary>What is added to the mean square before its root is taken.</summary>
    public double Eps { get; }

    /// <summary>What is added to the weight when it multiplies.</summary>
    public double Offset { get; }

    /// <summary>Whether the weight multiplies in float32, and the product is rounded.</summary>
    public bool IsWide { get; }

    /// <summary>The weight, [hidden].</summary>
    [Parameter("hidden")]
    [FromCheckpoint("weight", "hidden", Cast = true)]
    [FromCheckpoint("weight", "hidden", Format = "gguf")]
    public partial Parameter Weight { get; private set; }

    /// <summary>Normalises the last dimension, in float32, and multiplies it with the weight in the type of the input or in float32.</summary>
    /// <param name="x">[... hidden]</param>
    /// <returns>[... hidden]</returns>
    public override Tensor forward(Tensor x) => IsWide ? Normalisation.WideRms(x, Weight, Eps, Offset) : Normalisation.Rms(x, Weight, Eps);
}
