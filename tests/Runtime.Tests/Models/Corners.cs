using TorchSharp.Modules;
using static TorchSharp.torch.nn;

namespace Lanyard.Tests.Models;

/// <summary>A matrix of any type of which both axes are divided, one of them with another.</summary>
[ParameterModule]
public sealed partial class Corners<T> : Module
{
    public Corners(Topology? topology = null)
        : base(nameof(Corners<T>))
    {
        CreateParameters(topology);
        RegisterComponents();
    }

    [Axis(Shard.Tensor)] public int Out => 4;

    [Axis(Follows = nameof(Out))] public int In => 2;

    [Parameter("out in")]
    [FromCheckpoint("weight", "out in")]
    public partial Parameter Weight { get; private set; }
}
