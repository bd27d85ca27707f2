using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Tests.Field;

/// <summary>One layer, sliced over tensor-parallel ranks, which post-load doubles for a kernel.</summary>
[ParameterModule]
public sealed partial class StagedLayer : Module<Tensor, Tensor>
{
    public StagedLayer(Topology topology)
        : base(nameof(StagedLayer))
    {
        CreateParameters(topology);
        RegisterComponents();
    }

    [Axis(Shard.Tensor)] public int Hidden { get; } = 2;

    [Parameter("hidden")]
    [FromCheckpoint("x.weight", "hidden")]
    public partial Parameter X { get; private set; }

    /// <summary>How often post-load ran.</summary>
    public int Doubled { get; private set; }

    public override Tensor forward(Tensor input) => functional.linear(input, X);

    [PostLoad(Undo = nameof(Halve))]
    private void Double()
    {
        using var both = cat([X, X]);
        X = new Parameter(both.clone(), requires_grad: false);
        Doubled++;
    }

    private void Halve() => X = new Parameter(X.narrow(0, 0, X.shape[0] / 2), requires_grad: false);
}
