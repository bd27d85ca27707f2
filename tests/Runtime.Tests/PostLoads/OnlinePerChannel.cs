using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Tests.PostLoads;

/// <summary>Quantised when loaded: FP8 with one scale for each output channel.</summary>
[ParameterModule]
public sealed partial class OnlinePerChannel : Module<Tensor, Tensor>
{
    public OnlinePerChannel() : base(nameof(OnlinePerChannel)) => CreateParameters();

    [Axis] public int Out => 6;

    [Axis] public int In => 5;

    [Parameter("out in")]
    [FromCheckpoint("weight", "out in")]
    public partial Parameter Weight { get; private set; }

    [Parameter("out 1")]
    public partial Parameter Scale { get; private set; }

    public override Tensor forward(Tensor input) => input;

    [PostLoad]
    private void Quantise()
    {
        var wide = Weight.to_type(ScalarType.Float32);
        Scale = Float8.Frozen(wide.abs().amax([1], keepdim: true) / Float8.Max);
        Weight = Float8.Frozen((wide / Scale).to_type(Float8.E4M3));
    }
}
