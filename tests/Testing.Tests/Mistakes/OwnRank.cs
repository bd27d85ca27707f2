using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Testing.Tests.Mistakes;

/// <summary>What every rank holds is another thing on each.</summary>
[ParameterModule]
public sealed partial class OwnRank : Module<Tensor, Tensor>
{
    public OwnRank(Topology topology)
        : base(nameof(OwnRank))
    {
        CreateParameters(topology);
        RegisterComponents();
    }

    [Axis(Shard.Tensor)] public int Out => 4;

    [Axis] public int In => 3;

    [Parameter("out in")]
    [FromCheckpoint("weight", "out in")]
    public partial Parameter Weight { get; private set; }

    [Parameter("in")]
    [FromCheckpoint("bias", "in")]
    public partial Parameter Bias { get; private set; }

    [Parameter("in")]
    public partial Parameter Sum { get; private set; }

    public override Tensor forward(Tensor input) => functional.linear(input, Weight, Bias);

    [PostLoad]
    private void Add()
    {
        _ = Bias.add_(Numbers.Full([3], Parameters.Topology.TensorRank), Numbers.One);
        Sum = new Parameter(Bias.clone(), requires_grad: false);
    }
}
