using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Tests.Export;

/// <summary>Two parameters that disjoint halves of one tensor fill, as in multi-head latent attention, and a second name and a bias that may not be there.</summary>
[ParameterModule]
[CheckpointAlias("head.weight", "embed.weight")]
public sealed partial class LatentLayer : Module<Tensor, Tensor>
{
    public LatentLayer(bool hasBias, Topology? topology = null)
        : base(nameof(LatentLayer))
    {
        HasBias = hasBias;
        CreateParameters(topology);
        RegisterComponents();
    }

    public bool HasBias { get; }

    [Axis(Shard.Tensor)] public int Heads => 4;

    [Axis] public int Nope => 3;

    [Axis] public int Value => 2;

    [Axis] public int Rank => 5;

    [Parameter("heads rank nope")]
    [FromCheckpoint("kv_b_proj.weight", "(heads (nope + value)) rank")]
    public partial Parameter KeyUp { get; private set; }

    [Parameter("heads value rank")]
    [FromCheckpoint("kv_b_proj.weight", "(heads (nope + value)) rank")]
    public partial Parameter ValueUp { get; private set; }

    [Parameter("rank nope")]
    [FromCheckpoint("embed.weight", "rank nope")]
    public partial Parameter Embed { get; private set; }

    [Parameter("rank", When = nameof(HasBias))]
    [FromCheckpoint("bias", "rank")]
    public partial Parameter? Bias { get; private set; }

    public override Tensor forward(Tensor input) => functional.linear(input, ValueUp[0]);
}
