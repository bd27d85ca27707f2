using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Tests.Losing;

/// <summary>A block that has its weight turned round beside it where kernels want that.</summary>
[ParameterModule]
public sealed partial class KernelPart : Module<Tensor, Tensor>
{
    public KernelPart(bool asksEarly = false, KernelPart? below = null)
        : base(nameof(KernelPart))
    {
        Below = below;
        if (asksEarly) WasTold = Parameters.HasKernelLayouts;
        RegisterComponents();
    }

    public bool WasTold { get; }

    [Axis] public int Rows => 2;

    [Axis] public int Columns => 3;

    public bool HasTurned => Parameters.HasKernelLayouts;

    public KernelPart? Below { get; }

    [Parameter("rows columns")]
    [FromCheckpoint("weight", "rows columns")]
    public partial Parameter Weight { get; private set; }

    [Parameter("columns rows", When = nameof(HasTurned))]
    public partial Parameter? Turned { get; private set; }

    public override Tensor forward(Tensor input) => Turned is { } turned ? input.mm(turned) : functional.linear(input, Weight);

    [PostLoad]
    private void Turn()
    {
        if (HasTurned) Turned = new Parameter(Weight.t().contiguous(), requires_grad: false);
    }
}
