using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Tests.Models;

/// <summary>A router whose correction bias is of its own type: rounded to bfloat16 it chooses other experts.</summary>
[ParameterModule]
public sealed partial class Router : Module
{
    public Router(ScalarType type)
        : base(nameof(Router))
    {
        (Experts, Hidden) = (6, 4);
        register_buffer("seen", arange(3, dtype: ScalarType.Float32));
        CreateParameters(type: type);
        RegisterComponents();
    }

    [Axis] public int Experts { get; }
    [Axis] public int Hidden { get; }

    [Parameter("experts hidden")]
    [FromCheckpoint("weight", "experts hidden")]
    public partial Parameter Weight { get; private set; }

    [Parameter("experts", Type = ScalarType.Float32)]
    [FromCheckpoint("e_score_correction_bias", "experts")]
    public partial Parameter Bias { get; private set; }

    /// <summary>What post-load makes of the bias, of the type of the bias.</summary>
    [Parameter("experts", Type = ScalarType.Float32)]
    public partial Parameter Doubled { get; private set; }

    [PostLoad]
    private void Double() => Doubled = new Parameter(Bias.Times(2), requires_grad: false);
}
