using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Demo;

/// <summary>
/// The expert weights of a Llama 4 layer as vLLM issue 17915 has them: after a load <c>w2_weight</c> is replaced by a padded one, by code. The model's own
/// experts say the same as a layout, <c>Kernel = "experts hidden pad(intermediate, 128)"</c>, and need none; what is no layout needs a method as this.
/// </summary>
[ParameterModule]
internal sealed partial class PaddedExperts : Module<Tensor, Tensor>
{
    [Axis("gate", "up")]
    private const int Proj = 2;

    public PaddedExperts(int experts, int intermediate, int hidden)
        : base(nameof(PaddedExperts))
    {
        (Experts, Intermediate, Hidden) = (experts, intermediate, hidden);
        CreateParameters();
        RegisterComponents();
    }

    [Axis(Shard.Expert)]
    public int Experts { get; }

    [Axis(Shard.Tensor)]
    public int Intermediate { get; }

    [Axis]
    public int Hidden { get; }

    [Parameter("experts (proj intermediate) hidden")]
    [FromCheckpoint("gate_up_proj", "experts hidden (proj intermediate)")]
    [FromCheckpoint("{experts}.{proj}_proj.weight", "intermediate hidden", Format = "per-expert")]
    public partial Parameter W13Weight { get; private set; }

    [Parameter("experts hidden intermediate")]
    [FromCheckpoint("down_proj", "experts intermediate hidden")]
    [FromCheckpoint("{experts}.down_proj.weight", "hidden intermediate", Format = "per-expert")]
    public partial Parameter W2Weight { get; private set; }

    /// <summary>The first expert, of [tokens hidden].</summary>
    public override Tensor forward(Tensor tokens)
    {
        using var scope = NewDisposeScope();
        var halves = functional.linear(tokens, W13Weight.select(0, 0)).chunk(Proj, dim: -1);
        return functional.linear(functional.pad(functional.silu(halves[0]) * halves[1], (0L, -Intermediate & 127)), W2Weight.select(0, 0)).MoveToOuterDisposeScope();
    }

    [PostLoad]
    private void PadForKernel() => W2Weight = new Parameter(functional.pad(W2Weight, [0, -Intermediate & 127]), requires_grad: false);
}
