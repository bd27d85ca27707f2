using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Tests.Field;

/// <summary>An input scale for gate and one for up, which files have apart, as one for both, or in one tensor.</summary>
[ParameterModule]
public sealed partial class InputScales : Module<Tensor, Tensor>
{
    [Axis("gate", "up")] private const int Proj = 2;

    public InputScales()
        : base(nameof(InputScales))
    {
        CreateParameters();
        RegisterComponents();
    }

    [Parameter("proj")]
    [FromCheckpoint("{proj}_proj.input_scale", "")]
    [FromCheckpoint("gate_up_proj.input_scale", "", Repeat = "proj", Format = "fused")]
    [FromCheckpoint("gate_up_proj.input_scales", "proj", Format = "listed")]
    public partial Parameter Scales { get; private set; }

    /// <summary>The larger of both, which the fused matrix product takes.</summary>
    [Parameter("")]
    public partial Parameter Largest { get; private set; }

    public override Tensor forward(Tensor input) => input.mul(Largest);

    [PostLoad]
    private void TakeTheLarger() => Largest = new Parameter(Scales.max(), requires_grad: false);
}
