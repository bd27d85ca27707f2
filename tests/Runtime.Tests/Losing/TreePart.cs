using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Tests.Losing;

/// <summary>A block of a tree that is told something, or nothing.</summary>
[ParameterModule]
public sealed partial class TreePart : Module<Tensor, Tensor>
{
    public TreePart(Topology? topology = null, ScalarType? type = null, Device? device = null)
        : base(nameof(TreePart))
    {
        CreateParameters(topology, type, device);
        RegisterComponents();
    }

    [Axis(Shard.Tensor)] public int Rows => 4;

    [Axis] public int Columns => 3;

    [Parameter("rows columns")]
    [FromCheckpoint("weight", "rows columns")]
    public partial Parameter Weight { get; private set; }

    public override Tensor forward(Tensor input) => functional.linear(input, Weight);
}
