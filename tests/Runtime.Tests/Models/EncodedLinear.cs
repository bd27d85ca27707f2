using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Tests.Models;

/// <summary>A weight with one scale or one for each row, a norm stored minus one, a vector that may be rounded.</summary>
[ParameterModule]
public sealed partial class EncodedLinear : Module<Tensor, Tensor>
{
    public EncodedLinear(int outputs, int inputs, Topology? topology = null, ScalarType type = ScalarType.Float32)
        : base(nameof(EncodedLinear))
    {
        (Out, In) = (outputs, inputs);
        CreateParameters(topology, type);
        RegisterComponents();
    }

    [Axis(Shard.Tensor)] public int Out { get; }

    [Axis] public int In { get; }

    [Parameter("in out")]
    [FromCheckpoint("weight", "out in", Scale = "weight_scale")]
    public partial Parameter Weight { get; private set; }

    [Parameter("in")]
    [FromCheckpoint("norm.weight", "in", Offset = 1)]
    public partial Parameter Norm { get; private set; }

    [Parameter("out")]
    [FromCheckpoint("rounded", "out", Cast = true)]
    public partial Parameter Rounded { get; private set; }

    public override Tensor forward(Tensor input) => input.mm(Weight);
}
