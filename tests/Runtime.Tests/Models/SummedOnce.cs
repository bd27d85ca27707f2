using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Tests.Models;

/// <summary>A divided matrix whose partial products are summed over the ranks, with biases that must come in once.</summary>
[ParameterModule]
public sealed partial class SummedOnce : Module<Tensor, Tensor>
{
    /// <param name="topology">The rank.</param>
    /// <param name="bias">A value that the constructor gives the first bias; null for none.</param>
    public SummedOnce(Topology? topology = null, Tensor? bias = null)
        : base(nameof(SummedOnce))
    {
        CreateParameters(topology);
        if (bias is not null) Bias = new Parameter(bias, requires_grad: false);
        RegisterComponents();
    }

    [Axis(Shard.Tensor, Unit = 2)] public int Inter => 5;

    [Axis] public int Hidden => 3;

    [Axis(Shard.FirstTensorRank)] public int Once => Hidden;

    [Parameter("hidden inter")]
    [FromCheckpoint("weight", "hidden inter")]
    public partial Parameter Weight { get; private set; }

    [Parameter("once")]
    [FromCheckpoint("bias", "once")]
    public partial Parameter Bias { get; private set; }

    /// <summary>The same, in a layout for a kernel.</summary>
    [Parameter("once", Kernel = "pad(once, 8)")]
    [FromCheckpoint("wide", "once")]
    public partial Parameter Wide { get; private set; }

    /// <summary>The same, changed by a method.</summary>
    [Parameter("once")]
    [FromCheckpoint("twice", "once")]
    public partial Parameter Twice { get; private set; }

    [PostLoad(Undo = nameof(Halve))]
    private void Double() => Twice = new Parameter(Twice.Times(2), requires_grad: false);

    private void Halve() => Twice = new Parameter(Twice.Times(0.5), requires_grad: false);

    public override Tensor forward(Tensor input) => functional.linear(input, Weight, Bias);
}
