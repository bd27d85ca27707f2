using Lanyard.Models.Layers;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Models.MiniMaxM2;

/// <summary>
/// A mixture of experts: sigmoids of the logits, chosen by their sum with a bias that the weights leave out. The router and its bias are float32 in a model of any type.
/// Source: transformers, <c>modeling_minimax_m2.py</c>, <c>MiniMaxM2SparseMoeBlock</c> and <c>MiniMaxM2TopKRouter</c>.
/// </summary>
[ParameterModule]
public sealed partial class MiniMaxM2Moe : Module<Tensor, Tensor>
{
    private readonly int _choices;

    /// <summary>Makes the mixture; the values are not initialised.</summary>
    public MiniMaxM2Moe(MixtureConfig config)
        : base(nameof(MiniMaxM2Moe))
    {
        (AllExperts, Hidden, _choices) = (config.NumExperts, config.Decoder.HiddenSize, config.NumExpertsPerTok);
        Experts = new RoutedExperts(config.NumExperts, Hidden, config.MoeIntermediateSize);
        RegisterComponents();
    }

    /// <summary>The number of experts; the router has all of them on every rank.</summary>
    [Axis]
    public int AllExperts { get; }

    /// <summary>The width of the residual stream.</summary>
    [Axis]
    public int Hidden { get; }

    /// <summary>The router, [all_experts hidden].</summary>
    [Parameter("all_experts hidden", Type = ScalarType.Float32)]
    [FromCheckpoint("gate.weight", "all_experts hidden", Format = "mixtral")]
    public partial Parameter GateWeight { get; private set; }

    /// <summary>What is added to the sigmoids for the choice, [all_experts].</summary>
    [Parameter("all_experts", Type = ScalarType.Float32)]
    [FromCheckpoint("e_score_correction_bias", "all_experts", Format = "mixtral")]
    public partial Parameter CorrectionBias { get; private set; }

    /// <summary>The experts.</summary>
    [Child(typeof(RoutedExperts), Axes = "experts = all_experts")]
    public Module<Tensor, Tensor, Tensor, Tensor> Experts { get; private set; }

    /// <summary>Runs the mixture.</summary>
    /// <param name="hidden">[... hidden]</param>
    /// <returns>[... hidden]</returns>
    /// <exception cref="NotSupportedException">The module holds a slice of one rank, and does not know what the ranks do together.</exception>
    public override Tensor forward(Tensor hidden)
    {
        using var scope = NewDisposeScope();
        var tokens = hidden.reshape(-1, Hidden);
        var scores = Parameters.GateWeight.Linear(tokens.to(ScalarType.Float32)).sigmoid();
        var chosen = scores.Plus(CorrectionBias).topk(_choices, dim: -1).indexes;
        var weights = scores.gather(-1, chosen);
        return Experts.call(tokens, chosen, (weights / weights.sum(-1, keepdim: true)).to(hidden.dtype)).reshape(hidden.shape).MoveToOuterDisposeScope();
    }
}
