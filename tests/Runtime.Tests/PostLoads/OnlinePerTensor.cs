using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Tests.PostLoads;

/// <summary>Quantised when loaded: FP8 with one scale for the tensor.</summary>
[ParameterModule]
public sealed partial class OnlinePerTensor : Module<Tensor, Tensor>
{
    public OnlinePerTensor() : base(nameof(OnlinePerTensor)) => CreateParameters(type: ScalarType.BFloat16);

    [Axis] public int Out => 6;

    [Axis] public int In => 5;

    [Parameter("out in")]
    [FromCheckpoint("weight", "out in")]
    public partial Parameter Weight { get; private set; }

    [Parameter("", Type = ScalarType.Float32)]
    public partial Parameter Scale { get; private set; }

    public override Tensor forward(Tensor input) => input;

    [PostLoad]
    private void Quantise()
    {
        var wide = Weight.to_type(ScalarType.Float32);
        Scale = Float8.Frozen(wide.abs().max() / Float8.Max);
        Weight = Float8.Frozen((wide / Scale).to_type(Float8.E4M3));
    }
}
