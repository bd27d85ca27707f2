using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Ranks;

/// <summary>A model of some matrices, with a layout for a kernel that post-load makes.</summary>
[ParameterModule]
internal sealed partial class RankModel : Module<Tensor, Tensor>
{
    public RankModel()
        : base(nameof(RankModel)) => RegisterComponents();

    [Axis] public int Count { get; } = RankWeights.Tensors;

    [Axis] public int Rows { get; } = RankWeights.Rows;

    [Axis] public int Columns { get; } = RankWeights.Columns;

    [Parameter("count rows columns")]
    [FromCheckpoint("layers.{count}.weight", "rows columns")]
    public partial Parameter Weight { get; private set; }

    [Parameter("count columns rows")]
    public partial Parameter Turned { get; private set; }

    public override Tensor forward(Tensor input) => functional.linear(input, Weight[0]);

    [PostLoad]
    private void Turn() => Turned = new Parameter(Weight.transpose(1, 2).contiguous(), requires_grad: false);
}
