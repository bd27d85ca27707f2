using Lanyard.Models.Layers;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Models.Tests.Seams;

/// <summary>An engine's own norm.</summary>
[ParameterModule]
public sealed partial class OwnNorm : Module<Tensor, Tensor>
{
    private readonly double _eps;

    public OwnNorm(RmsNorm like)
        : base(nameof(OwnNorm))
    {
        (Hidden, _eps) = (like.Hidden, like.Eps);
        RegisterComponents();
    }

    [Axis]
    public int Hidden { get; }

    public int Calls { get; private set; }

    [Parameter("hidden")]
    [FromCheckpoint("weight", "hidden", Cast = true)]
    public partial Parameter Weight { get; private set; }

    public override Tensor forward(Tensor x)
    {
        Calls++;
        return Normalisation.Rms(x, Weight, _eps);
    }
}
