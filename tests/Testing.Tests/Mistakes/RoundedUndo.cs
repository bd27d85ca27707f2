using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Testing.Tests.Mistakes;

/// <summary>An undo that does not make what was loaded.</summary>
[ParameterModule]
public sealed partial class RoundedUndo : Module<Tensor, Tensor>
{
    public RoundedUndo()
        : base(nameof(RoundedUndo))
    {
        CreateParameters();
        RegisterComponents();
    }

    [Axis] public int Out => 4;

    [Axis] public int In => 3;

    [Parameter("out in")]
    [FromCheckpoint("weight", "out in")]
    public partial Parameter Weight { get; private set; }

    public override Tensor forward(Tensor input) => functional.linear(input, Weight);

    [PostLoad(Undo = nameof(Divide))]
    private void Multiply() => Weight = new Parameter(Weight.Times(3.3), requires_grad: false);

    private void Divide() => Weight = new Parameter(Weight.Over(3.3), requires_grad: false);
}
