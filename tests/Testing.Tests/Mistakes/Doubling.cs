using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Testing.Tests.Mistakes;

/// <summary>A post-load method that changes a parameter without assigning it, so that an export writes what was never loaded.</summary>
[ParameterModule]
public sealed partial class Doubling : Module<Tensor, Tensor>
{
    public Doubling()
        : base(nameof(Doubling))
    {
        CreateParameters();
        RegisterComponents();
    }

    [Axis] public int Out => 4;

    [Axis] public int In => 3;

    [Parameter("out in")]
    [FromCheckpoint("weight", "out in")]
    public partial Parameter Weight { get; private set; }

    [Parameter("out")]
    public partial Parameter Sums { get; private set; }

    public override Tensor forward(Tensor input) => functional.linear(input, Weight);

    [PostLoad]
    private void Double()
    {
        _ = Weight.add_(Weight.clone(), Numbers.One);
        Sums = new Parameter(Weight.sum(1), requires_grad: false);
    }
}
