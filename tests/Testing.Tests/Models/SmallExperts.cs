using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Testing.Tests.Models;

/// <summary>Experts, fused or one by one, which post-load pads, and a table that it makes.</summary>
[ParameterModule]
public sealed partial class SmallExperts : Module<Tensor, Tensor>
{
    [Axis("gate", "up")] private const int Proj = 2;

    public SmallExperts(SmallSizes sizes)
        : base(nameof(SmallExperts))
    {
        (Experts, Intermediate, Hidden) = (sizes.Experts, sizes.Intermediate, sizes.Hidden);
        RegisterComponents();
    }

    [Axis(Shard.Expert)] public int Experts { get; }

    [Axis(Shard.Tensor)] public int Intermediate { get; }

    [Axis] public int Hidden { get; }

    [Parameter("experts (proj intermediate) hidden")]
    [FromCheckpoint("gate_up_proj", "experts hidden (proj intermediate)")]
    [FromCheckpoint("{experts}.{proj}_proj.weight", "intermediate hidden", Format = "per-expert")]
    public partial Parameter W13 { get; private set; }

    [Parameter("experts hidden intermediate")]
    [FromCheckpoint("down_proj", "experts intermediate hidden")]
    [FromCheckpoint("{experts}.down_proj.weight", "hidden intermediate", Format = "per-expert")]
    public partial Parameter W2 { get; private set; }

    [Parameter("experts hidden")]
    public partial Parameter Sums { get; private set; }

    public override Tensor forward(Tensor input) => functional.linear(input, W13[0]);

    [PostLoad]
    private void Sum() => Sums = new Parameter(W13.sum(1), requires_grad: false);

    [PostLoad(Undo = nameof(TakePaddingAway))]
    private void Pad() => W2 = new Parameter(functional.pad(W2, [0, 3]), requires_grad: false);

    private void TakePaddingAway() => W2 = new Parameter(W2.narrow(2, 0, Parameters.W2.ModelShape[2]), requires_grad: false);
}
