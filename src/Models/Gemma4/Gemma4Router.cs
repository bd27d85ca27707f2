using Lanyard.Models.Layers;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Models.Gemma4;

/// <summary>
/// Chooses experts: the largest probabilities over normalised and scaled tokens, made to add up to one, each times the scale of its expert. Every rank routes all tokens.
/// Source: transformers, <c>modeling_gemma4.py</c>, <c>Gemma4TextRouter</c>.
/// </summary>
[ParameterModule]
public sealed partial class Gemma4Router : Module<Tensor, (Tensor Experts, Tensor Weights)>
{
    private readonly ExpertChoice _choice;
    private readonly double _eps;

    /// <summary>Makes the router; the values are not initialised.</summary>
    /// <param name="experts">The number of experts.</param>
    /// <param name="hidden">The width of the residual stream.</param>
    /// <param name="choices">How many experts a token visits.</param>
    /// <param name="eps">What the norm adds to the mean square.</param>
    public Gemma4Router(int experts, int hidden, int choices, double eps)
        : base(nameof(Gemma4Router))
    {
        (AllExperts, Hidden, _eps, _choice) = (experts, hidden, eps, ExpertChoices.Softmax(choices, normalised: true));
        Proj = new ReplicatedLinear(hidden, experts);
        RegisterComponents();
    }

    /// <summary>The number of experts; every rank has the scales of all.</summary>
    [Axis]
    public int AllExperts { get; }

    /// <summary>The width of the residual stream.</summary>
    [Axis]
    public int Hidden { get; }

    /// <summary>What normalised tokens are multiplied with, [hidden].</summary>
    [Parameter("hidden")]
    [FromCheckpoint("scale", "hidden")]
    public partial Parameter Scale { get; private set; }

    /// <summary>What the weights of each expert are multiplied with, [all_experts].</summary>
    [Parameter("all_experts")]
    [FromCheckpoint("per_expert_scale", "all_experts")]
    public partial Parameter PerExpertScale { get; private set; }

    /// <summary>The projection to logits.</summary>
    [Child(typeof(ReplicatedLinear), Axes = "in = hidden, out = all_experts")]
    public Module<Tensor, Tensor> Proj { get; private set; }

    /// <summary>Chooses.</summary>
    /// <param name="tokens">[tokens hidden]</param>
    /// <returns>The experts, int64, and their weights, [tokens choices] each.</returns>
    public override (Tensor Experts, Tensor Weights) forward(Tensor tokens)
    {
        using var scope = NewDisposeScope();
        var (experts, weights) = _choice(Proj.call((Normalisation.Rms(tokens, _eps) * Scale).Times(Math.Pow(Hidden, -0.5))));
        var scaled = weights * PerExpertScale.index_select(0, experts.flatten()).view(experts.shape);
        return (experts.MoveToOuterDisposeScope(), scaled.MoveToOuterDisposeScope());
    }
}
