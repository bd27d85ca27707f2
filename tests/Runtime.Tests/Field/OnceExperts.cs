using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Tests.Field;

/// <summary>Experts of which post-load keeps nothing.</summary>
[ParameterModule]
public sealed partial class OnceExperts : Module<Tensor, Tensor>
{
    public OnceExperts(Topology topology)
        : base(nameof(OnceExperts))
    {
        CreateParameters(topology);
        RegisterComponents();
    }

    [Axis(Shard.Expert)] public int Experts { get; } = 4;

    [Axis] public int Hidden { get; } = 2;

    [Parameter("experts hidden")]
    [FromCheckpoint("{experts}", "hidden")]
    public partial Parameter Weight { get; private set; }

    public override Tensor forward(Tensor input) => functional.linear(input, Weight);

    [PostLoad]
    private void Double() => Weight = new Parameter(Weight.Times(2), requires_grad: false);
}
