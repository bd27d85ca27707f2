using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Tests.Models.Named;

/// <summary>One parameter, an item of lists.</summary>
[ParameterModule]
public sealed partial class NumberedExpert : Module<Tensor, Tensor>
{
    public NumberedExpert()
        : base(nameof(NumberedExpert))
    {
        CreateParameters();
        RegisterComponents();
    }

    [Axis] public static int Hidden => 2;

    [Parameter("hidden")]
    [FromCheckpoint("w.weight", "hidden")]
    [FromCheckpoint("w.weight", "hidden", Format = "flat")]
    public partial Parameter Weight { get; private set; }

    public override Tensor forward(Tensor input) => input.mul(Weight);
}
