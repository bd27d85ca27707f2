using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Tests.PostLoads;

/// <summary>FP8 with block scales, requantised with scales that are powers of two, as DeepGEMM wants.</summary>
[ParameterModule]
public sealed partial class PowerOfTwoScales : Module<Tensor, Tensor>
{
    private const int Edge = 4;

    public PowerOfTwoScales() : base(nameof(PowerOfTwoScales)) => CreateParameters();

    [Axis] public int Out => 8;

    [Axis] public int In => 12;

    [Parameter("out in", Type = Float8.E4M3)]
    [FromCheckpoint("weight", "out in")]
    public partial Parameter Weight { get; private set; }

    [Parameter("blocks(out, 4) blocks(in, 4)")]
    [FromCheckpoint("weight_scale_inv", "blocks(out, 4) blocks(in, 4)")]
    public partial Parameter Scale { get; private set; }

    public override Tensor forward(Tensor input) => input;

    [PostLoad]
    private void Requantise()
    {
        var power = Scale.log2().ceil().exp2();
        var ratio = (Scale / power).repeat_interleave(Edge, 0).repeat_interleave(Edge, 1);
        Weight = Float8.Frozen((Weight.to_type(ScalarType.Float32) * ratio).to_type(Float8.E4M3));
        Scale = Float8.Frozen(power);
    }
}
