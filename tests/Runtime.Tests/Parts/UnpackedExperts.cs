using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Tests.Parts;

/// <summary>Experts with gate and up interleaved, divided over tensor-parallel ranks by their pairs.</summary>
[ParameterModule]
public sealed partial class UnpackedExperts : Module<Tensor, Tensor>
{
    [Axis("gate", "up")] private const int Proj = 2;

    public UnpackedExperts(Topology? topology = null)
        : base(nameof(UnpackedExperts))
    {
        CreateParameters(topology);
        RegisterComponents();
    }

    [Axis(Shard.Expert)] public int Experts => 3;

    [Axis(Shard.Tensor)] public int Intermediate => 6;

    [Axis] public int Hidden => 4;

    [Parameter("experts (proj intermediate) hidden")]
    [FromCheckpoint("gate_up_proj", "experts hidden (intermediate proj)")]
    public partial Parameter W13Weight { get; private set; }

    [Parameter("experts (proj intermediate)")]
    [FromCheckpoint("gate_up_proj_bias", "experts (intermediate proj)")]
    public partial Parameter W13Bias { get; private set; }

    [Parameter("experts hidden intermediate")]
    [FromCheckpoint("down_proj", "experts intermediate hidden")]
    public partial Parameter W2Weight { get; private set; }

    [Parameter("experts hidden")]
    [FromCheckpoint("down_proj_bias", "experts hidden")]
    public partial Parameter W2Bias { get; private set; }

    public override Tensor forward(Tensor input) => functional.linear(input, W13Weight[0]);
}
