using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Tests.Models;

/// <summary>Experts and rows of a vocabulary, of which a rank may hold none, made anew in two steps of which the second reads what every rank holds.</summary>
[ParameterModule]
public sealed partial class ScaledExperts : Module<Tensor, Tensor>
{
    public ScaledExperts(Topology? topology)
        : base(nameof(ScaledExperts))
    {
        CreateParameters(topology);
        RegisterComponents();
    }

    [Axis(Shard.Expert)] public int Experts { get; } = 2;

    [Axis(Shard.Tensor, PadTo = 8)] public int Vocab { get; } = 5;

    [Axis] public int Hidden { get; } = 3;

    [Parameter("experts hidden")]
    [FromCheckpoint("weight", "experts hidden")]
    public partial Parameter Weight { get; private set; }

    [Parameter("vocab hidden")]
    [FromCheckpoint("embed", "vocab hidden")]
    public partial Parameter Embedding { get; private set; }

    [Parameter("hidden")]
    [FromCheckpoint("scale", "hidden")]
    public partial Parameter Scale { get; private set; }

    public override Tensor forward(Tensor input) => functional.linear(input, Weight);

    [PostLoad]
    private void Widen() => Weight = new Parameter(functional.pad(Weight, [0, 1]), requires_grad: false);

    [PostLoad]
    private void Multiply()
    {
        Weight = new Parameter(functional.pad(Weight[.., ..Hidden] * Scale, [0, 5]), requires_grad: false);
        Embedding = new Parameter((Embedding * Scale).t().contiguous(), requires_grad: false);
    }
}
