using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Tests.PostLoads;

/// <summary>The order of merged halves that some kernels want, up before gate: a change of layout, declared.</summary>
[ParameterModule]
public sealed partial class SwappedHalves : Module<Tensor, Tensor>
{
    public SwappedHalves() : base(nameof(SwappedHalves)) => CreateParameters();

    [Axis] public int Experts => 3;

    [Axis] public int Inter => 4;

    [Axis] public int Hidden => 5;

    [Parameter("experts (gate: inter + up: inter) hidden", Kernel = "experts (up: inter + gate: inter) hidden")]
    [FromCheckpoint("gate_up_proj", "experts (gate: inter + up: inter) hidden")]
    public partial Parameter W13 { get; private set; }

    public override Tensor forward(Tensor input) => input;
}
