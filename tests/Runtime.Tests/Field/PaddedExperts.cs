using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Tests.Field;

/// <summary>Experts whose number is rounded up for a kernel, with repeated scales, constants and a longer source.</summary>
[ParameterModule]
public sealed partial class PaddedExperts : Module<Tensor, Tensor>
{
    [Axis("gate", "up")] private const int Proj = 2;

    public PaddedExperts(Topology topology)
        : base(nameof(PaddedExperts))
    {
        CreateParameters(topology);
        RegisterComponents();
    }

    [Axis(Shard.Expert)] public int Experts => 5;

    [Axis] public int Hidden => 2;

    [Parameter("experts hidden", Kernel = "pad(experts, 4) hidden")]
    [FromCheckpoint("experts.{experts}.weight", "hidden")]
    public partial Parameter Weight { get; private set; }

    [Parameter("(experts proj)", Kernel = "pad((experts proj), 8)", Absent = 1)]
    [FromCheckpoint("experts.{experts}.scale", "1", Repeat = "proj")]
    public partial Parameter Scale { get; private set; }

    [Parameter("experts (a: hidden + b: hidden)")]
    [FromCheckpoint("experts.{experts}.bias", "hidden", Part = "a")]
    [Constant("b", 0.5)]
    public partial Parameter Bias { get; private set; }

    [Parameter("hidden experts")]
    [FromCheckpoint("router", "hidden pad(experts, 8)")]
    public partial Parameter Router { get; private set; }

    public override Tensor forward(Tensor input) => functional.linear(input, Weight);
}
