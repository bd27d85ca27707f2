using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Testing.Tests.Mistakes;

/// <summary>What post-load pads for good, or with an undo that takes too much away.</summary>
[ParameterModule]
public sealed partial class WithoutUndo : Module<Tensor, Tensor>
{
    public WithoutUndo()
        : base(nameof(WithoutUndo))
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

    [PostLoad]
    private void Pad() => Weight = new Parameter(functional.pad(Weight, [0, 2]), requires_grad: false);
}
