using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Tests.PostLoads;

/// <summary>Parts stored in FP8, each with a scale of its own, requantised with the largest: what a fused kernel wants.</summary>
[ParameterModule]
public sealed partial class FusedScales : Module<Tensor, Tensor>
{
    [Axis("q", "k", "v")] private const int Part = 3;

    public FusedScales() : base(nameof(FusedScales)) => CreateParameters();

    [Axis] public int Rows => 4;

    [Axis] public int In => 5;

    [Parameter("(part rows) in", Type = Float8.E4M3)]
    [FromCheckpoint("{part}_proj.weight", "rows in")]
    public partial Parameter Weight { get; private set; }

    [Parameter("part")]
    [FromCheckpoint("{part}_proj.weight_scale", "")]
    public partial Parameter Scales { get; private set; }

    [Parameter("")]
    public partial Parameter Scale { get; private set; }

    public override Tensor forward(Tensor input) => input;

    [PostLoad]
    private void Fuse()
    {
        Scale = Float8.Frozen(Scales.max());
        var wide = Weight.to_type(ScalarType.Float32).reshape(Part, Rows, In) * Scales.reshape(Part, 1, 1);
        Weight = Float8.Frozen((wide / Scale).reshape(Part * Rows, In).to_type(Float8.E4M3));
    }
}
