using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Testing.Tests.Mistakes;

/// <summary>A class without an axis that ranks divide.</summary>
[ParameterModule]
public sealed partial class Undivided : Module<Tensor, Tensor>
{
    public Undivided(Topology topology)
        : base(nameof(Undivided))
    {
        CreateParameters(topology);
        RegisterComponents();
    }

    [Axis] public int Out => 4;

    [Axis] public int In => 3;

    [Parameter("out in")]
    [FromCheckpoint("weight", "out in")]
    public partial Parameter Weight { get; private set; }

    public override Tensor forward(Tensor input) => functional.linear(input, Weight);
}
