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
public partial class Llama4Experts : Module<Tensor, Tensor, Tensor, Tensor>
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
    /// Down projections of every expert, [experts hidden intermediate]. Kernels that multiply grouped experts want the summed dimension in whole
    /// blocks: the last dimension is rounded up to a multiple of 128 with zeros, unless the tree has no kernel layouts.
    /// </summary>
    [Parameter("experts hidden intermediate", Kernel = "experts hidden pad(intermediate, 128)")]
    [FromCheckpoint("down_proj", "experts intermediate hidden")]
    [FromCheckpoint("{experts}.down_proj.weight", "hidden intermediate", Format = "per-expert")]
    public partial Parameter W2Weight { get; private set; }

    /// <summary>
    /// Sums, for each token, what its experts make of it. Tokens are sorted by expert, and an expert without tokens does not run. Works in
    /// the model layout and in the kernel layout alike.
    /// </summary>
    /// <param name="hidden">[tokens hidden]</param>
    /// <param name="chosen">The experts that a token visits, int64, [tokens choices].</param>
    /// <param name="scores">What it is multiplied with before each of them, [tokens choices].</param>
    /// <returns>[tokens hidden]</returns>
    /// <exception cref="NotSupportedException">The module holds a slice of one rank, and does not know what the ranks do together.</exception>
    public override Tensor forward(Tensor hidden, Tensor chosen, Tensor scores) => ExpertRun.Sum(Parameters, hidden, chosen, scores, Run, weighsInput: true);

    /// <summary>Runs one expert: what a class that derives from this one may compute otherwise, of the same map.</summary>
    /// <param name="expert">Its place among those of the rank.</param>
    /// <param name="tokens">Tokens times their scores, [tokens hidden], at least one.</param>
    /// <returns>[tokens hidden]: this rank's part of the sum.</returns>
    protected virtual Tensor Run(int expert, Tensor tokens)
    {
        var (w13, w2) = (W13Weight, W2Weight);
        var gateUp = functional.linear(tokens, w13.select(0, expert)).chunk(Proj, dim: -1);
        return functional.linear(PadLastTo(functional.silu(gateUp[0]) * gateUp[1], w2.shape[^1]), w2.select(0, expert));
    }

    /// <summary>Lengthens the last dimension to a size, with zeros; returns the tensor itself where it has that size.</summary>
    private static Tensor PadLastTo(Tensor tensor, long size) =>
        tensor.shape[^1] == size ? tensor : functional.pad(tensor, (0L, size - tensor.shape[^1]));
}
