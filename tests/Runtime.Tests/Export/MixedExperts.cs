using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Tests.Export;

/// <summary>Experts of two kinds in one tensor: with two ranks, the second one has none of the first kind.</summary>
[ParameterModule]
public sealed partial class MixedExperts : Module<Tensor, Tensor>
{
    public MixedExperts(Topology topology)
        : base(nameof(MixedExperts))
    {
        CreateParameters(topology);
        RegisterComponents();
    }

    [Axis(Shard.Expert)] public int Text { get; } = 1;

    [Axis(Shard.Expert)] public int Vision { get; } = 4;

    [Axis] public int Hidden { get; } = 3;

    [Parameter("(text + vision) hidden")]
    [FromCheckpoint("weight", "(text + vision) hidden")]
    public partial Parameter Weight { get; private set; }

    public override Tensor forward(Tensor input) => functional.linear(input, Weight);
}
