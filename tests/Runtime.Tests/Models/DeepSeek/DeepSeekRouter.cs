using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Tests.Models.DeepSeek;

/// <summary>The router, in float32 as its bias is stored.</summary>
[ParameterModule]
public sealed partial class DeepSeekRouter : Module<Tensor, Tensor>
{
    public DeepSeekRouter(DeepSeekSizes sizes, Device? device = null)
        : base(nameof(DeepSeekRouter))
    {
        (Experts, Hidden) = (sizes.Experts, sizes.Hidden);
        CreateParameters(device: device);
        RegisterComponents();
    }

    [Axis] public int Experts { get; }

    [Axis] public int Hidden { get; }

    [Parameter("experts hidden", Type = ScalarType.Float32)]
    [FromCheckpoint("weight", "experts hidden")]
    public partial Parameter Weight { get; private set; }

    [Parameter("experts", Type = ScalarType.Float32)]
    [FromCheckpoint("e_score_correction_bias", "experts")]
    public partial Parameter Bias { get; private set; }

    public override Tensor forward(Tensor input) => functional.linear(input, Weight, Bias);
}
