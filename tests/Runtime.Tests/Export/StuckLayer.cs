using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Tests.Export;

/// <summary>What cannot be exported: two parameters without a way back, and a tensor of which only a part is read, by declaration.</summary>
[ParameterModule]
[Ignore("half")]
public sealed partial class StuckLayer : Module<Tensor, Tensor>
{
    [Axis] private const int Rows = 3;
    [Axis] private const int Taken = 2;
    [Axis] private const int Left = 4;

    public StuckLayer()
        : base(nameof(StuckLayer))
    {
        CreateParameters();
        RegisterComponents();
    }

    [Parameter("rows taken")]
    [FromCheckpoint("weight", "taken rows")]
    public partial Parameter Weight { get; private set; }

    [Parameter("rows")]
    [FromCheckpoint("bias", "rows")]
    public partial Parameter Bias { get; private set; }

    [Parameter("rows taken")]
    [FromCheckpoint("half", "rows (taken + left)")]
    public partial Parameter Half { get; private set; }

    public override Tensor forward(Tensor input) => functional.linear(input, Weight);

    [PostLoad]
    private void Pad()
    {
        Weight = new Parameter(functional.pad(Weight, [0, 2]), requires_grad: false);
        Bias = new Parameter(functional.pad(Bias, [0, 1]), requires_grad: false);
    }
}
