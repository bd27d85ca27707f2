using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Tests.Losing;

/// <summary>A square weight in a declared kernel layout, to which a constructor gives its value.</summary>
[ParameterModule]
public sealed partial class GivenProjection : Module<Tensor, Tensor>
{
    public GivenProjection()
        : base(nameof(GivenProjection))
    {
        Weight = new Parameter(zeros(2, 2), requires_grad: false);
        RegisterComponents();
    }

    [Axis] public int Out => 2;

    [Axis] public int In => 2;

    [Parameter("out in", Kernel = "in out")]
    [FromCheckpoint("weight", "out in")]
    public partial Parameter Weight { get; private set; }

    public override Tensor forward(Tensor input) => input.mm(Weight);
}
