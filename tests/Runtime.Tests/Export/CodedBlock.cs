using Lanyard.Published;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Tests.Export;

/// <summary>A quantised weight, its scales as a parameter of their own, and a norm that is not quantised; post-load pads the weight, names may have a prefix.</summary>
[ParameterModule]
[CheckpointPrefix("model.")]
public sealed partial class CodedBlock : Module<Tensor, Tensor>
{
    [Axis] private const int Out = 4;
    [Axis] private const int In = 8;

    public CodedBlock()
        : base(nameof(CodedBlock))
    {
        CreateParameters();
        RegisterComponents();
    }

    [Parameter("in out")]
    [FromCheckpoint("up.weight", "out in", Encoding = typeof(Fp8))]
    public partial Parameter Up { get; private set; }

    [Parameter("out")]
    [FromCheckpoint("up.weight_scale", "out")]
    public partial Parameter Scale { get; private set; }

    [Parameter("in")]
    [FromCheckpoint("norm", "in")]
    public partial Parameter Norm { get; private set; }

    public override Tensor forward(Tensor input) => (input * Norm).mm(Up[.., ..Out]);

    [PostLoad(Undo = nameof(TakePaddingAway))]
    private void PadForKernel() => Up = new Parameter(functional.pad(Up, [0, 4]), requires_grad: false);

    private void TakePaddingAway() => Up = new Parameter(Up.narrow(1, 0, Out), requires_grad: false);
}
