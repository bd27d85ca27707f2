using Lanyard.Models.Layers;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Models.Llama4;

/// <summary>
/// The routed experts of one mixture: down(silu(gate(x)) up(x)) each, where x is the token times its score.
/// Source: transformers, <c>modeling_llama4.py</c>, <c>Llama4TextExperts</c> and <c>Llama4TextMoe</c>.
/// </summary>
[ParameterModule]
public sealed partial class Llama4Experts : Module<Tensor, Tensor, Tensor>
{
    [Axis("gate", "up")]
    private const int Proj = 2;

    /// <summary>Makes the experts; the values are not initialised.</summary>
    /// <param name="config">The configuration.</param>
    /// <param name="topology">The rank, where the module is used by itself; in a model the model says it.</param>
    public Llama4Experts(Llama4Config config, Topology? topology = null)
        : base(nameof(Llama4Experts))
    {
        (Experts, Intermediate, Hidden) = (config.NumLocalExperts, config.IntermediateSize, config.HiddenSize);
        CreateParameters(topology);
        RegisterComponents();
    }

    /// <summary>The number of experts.</summary>
    [Axis(Shard.Expert)]
    public int Experts { get; }

    /// <summary>The inner width of an expert.</summary>
    [Axis(Shard.Tensor)]
    public int Intermediate { get; }

    /// <summary>The width of the residual stream.</summary>
    [Axis]
    public int Hidden { get; }

    /// <summary>Gate and up projections of every expert, [experts (proj intermediate) hidden].</summary>
    [Parameter("experts (proj intermediate) hidden")]
    [FromCheckpoint("gate_up_proj", "experts hidden (proj intermediate)")]
    [FromCheckpoint("{experts}.{proj}_proj.weight", "intermediate hidden", Format = "per-expert")]
    public partial Parameter W13Weight { get; private set; }

    /// <summary>
    /// Down projections of every expert, [experts hidden intermediate]. After a load the last dimension is rounded up to a
    /// multiple of 128.
    /// </summary>
    [Parameter("experts hidden intermediate")]
    [FromCheckpoint("down_proj", "experts intermediate hidden")]
    [FromCheckpoint("{experts}.down_proj.weight", "hidden intermediate", Format = "per-expert")]
    public partial Parameter W2Weight { get; private set; }

    /// <summary>
    /// Sums, for each token, what its experts make of it. Only experts with tokens run: a score of zero makes zeros. Works in
    /// the model layout and in the kernel layout alike.
    /// </summary>
    /// <param name="hidden">[tokens hidden]</param>
    /// <param name="scores">[tokens experts], zero where the token does not visit the expert.</param>
    /// <returns>[tokens hidden]</returns>
    /// <exception cref="NotSupportedException">The module holds a slice of one rank, and does not know what the ranks do together.</exception>
    public override Tensor forward(Tensor hidden, Tensor scores)
    {
        using var scope = NewDisposeScope();
        var (w13, w2) = (W13Weight, W2Weight);
        var sum = zeros_like(hidden);
        foreach (var (position, expert) in CountedExperts.Of(Parameters).Index())
        {
            if (expert < 0) continue;

            // One for each expert: the scope around the loop would keep what all of them made.
            using var temporaries = NewDisposeScope();
            var score = scores.select(1, expert);
            var tokens = score.nonzero().flatten();
            if (tokens.shape[0] == 0) continue;
            var input = hidden.index_select(0, tokens) * score.index_select(0, tokens).unsqueeze(1);
            var gateUp = functional.linear(input, w13.select(0, position)).chunk(Proj, dim: -1);
            var inner = KernelPadding.PadLastTo(functional.silu(gateUp[0]) * gateUp[1], w2.shape[^1]);
            sum.index_add_(0, tokens, functional.linear(inner, w2.select(0, position)), Numbers.One);
        }
        return Ranks.SumOfExperts(Parameters, sum).MoveToOuterDisposeScope();
    }

    /// <summary>Kernels that multiply grouped experts want the summed dimension in whole blocks.</summary>
    [PostLoad(Undo = nameof(TakePaddingAway))]
    private void PadForKernel()
    {
        if (Parameters.HasKernelLayouts) W2Weight = new Parameter(KernelPadding.PadLast(W2Weight, multiple: 128), requires_grad: false);
    }

    private void TakePaddingAway()
    {
        if (Parameters.HasKernelLayouts) W2Weight = new Parameter(KernelPadding.TakeLast(W2Weight, Parameters.W2Weight.ModelShape[^1]), requires_grad: false);
    }
}
