using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Tests.Models.Named;

/// <summary>A layer that stands in several places. In two formats its tensors have the same names below it; in one of them scales stand beside the values.</summary>
[ParameterModule]
public sealed partial class NamedLeaf : Module<Tensor, Tensor>
{
    public NamedLeaf(Topology? topology = null)
        : base(nameof(NamedLeaf))
    {
        CreateParameters(topology);
        RegisterComponents();
    }

    [Axis(Shard.Tensor)] public static int Rows => 4;

    [Axis] public static int Columns => 2;

    [Parameter("rows columns")]
    [FromCheckpoint("weight", "rows columns")]
    [FromCheckpoint("weight", "rows columns", Format = "flat")]
    [FromCheckpoint("values", "rows columns", Format = "scaled", Scale = "scale")]
    public partial Parameter Weight { get; private set; }

    public override Tensor forward(Tensor input) => functional.linear(input, Weight);
}
