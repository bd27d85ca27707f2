using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Tests.Losing;

/// <summary>A linear layer that may be made around the weight of another, as authors of PyTorch tie them.</summary>
[ParameterModule]
public sealed partial class Handed : Module<Tensor, Tensor>
{
    public Handed(Parameter? weight = null)
        : base(nameof(Handed))
    {
        if (weight is null) CreateParameters();
        else Weight = weight;
    }

    [Axis] public int Rows => 4;

    [Axis] public int Columns => 3;

    [Parameter("rows columns")]
    [FromCheckpoint("weight", "rows columns")]
    public partial Parameter Weight { get; private set; }

    public override Tensor forward(Tensor input) => functional.linear(input, Weight);
}
