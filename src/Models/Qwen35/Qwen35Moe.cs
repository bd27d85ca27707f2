using Lanyard.Models.Layers;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Models.Qwen35;

/// <summary>
/// A mixture of experts beside one that every token visits, as far as its gate lets it.
/// Source: transformers, <c>modeling_qwen3_5_moe.py</c>, <c>Qwen3_5MoeSparseMoeBlock</c>.
/// </summary>
[ParameterModule]
public sealed partial class Qwen35Moe : Module<Tensor, Tensor>
{
    private readonly ExpertChoice _choice;

    /// <summary>Makes the mixture; the values are not initialised.</summary>
    /// <param name="config">What a configuration says of mixtures.</param>
    /// <param name="shared">The inner width of the expert that every token visits.</param>
    public Qwen35Moe(MixtureConfig config, int shared)
        : base(nameof(Qwen35Moe))
    {
        (AllExperts, Hidden, _choice) = (config.NumExperts, config.Decoder.HiddenSize, ExpertChoices.Softmax(config.NumExpertsPerTok, normalised: true));
        Experts = new RoutedExperts(config.NumExperts, Hidden, config.MoeIntermediateSize);
        SharedExpert = new GatedMlp(Hidden, shared);
        RegisterComponents();
    }

    /// <summary>The number of experts; the router has all of them on every rank.</summary>
    [Axis]
    public int AllExperts { get; }

    /// <summary>The width of the residual stream.</summary>
    [Axis]
    public int Hidden { get; }

    /// <summary>The router, [all_experts hidden].</summary>
    [Parameter("all_experts hidden")]
    [FromCheckpoint("gate.weight", "all_experts hidden", Cast = true)]
    public partial Parameter GateWeight { get; private set; }

    /// <summary>The gate of the shared expert, [1 hidden].</summary>
    [Parameter("1 hidden")]
    [FromCheckpoint("shared_expert_gate.weight", "1 hidden", Cast = true)]
    public partial Parameter SharedGateWeight { get; private set; }

    /// <summary>The experts.</summary>
    [Child(typeof(RoutedExperts), Axes = "experts = all_experts")]
    public Module<Tensor, Tensor, Tensor, Tensor> Experts { get; private set; }

    /// <summary>The expert that every token visits.</summary>
    [Child(typeof(GatedMlp))]
    public Module<Tensor, Tensor> SharedExpert { get; private set; }

    /// <summary>Runs the mixture.</summary>
    /// <param name="hidden">[... hidden]</param>
    /// <returns>[... hidden]</returns>
    /// <exception cref="NotSupportedException">The module holds a slice of one rank, and does not know what the ranks do together.</exception>
    public override Tensor forward(Tensor hidden)
    {
        using var scope = NewDisposeScope();
        var tokens = hidden.reshape(-1, Hidden);
        var (chosen, weights) = _choice(Parameters.GateWeight.Linear(tokens));
        var shared = SharedExpert.call(tokens) * Parameters.SharedGateWeight.Linear(tokens).sigmoid();
        return Experts.call(tokens, chosen, weights).Plus(shared).reshape(hidden.shape).MoveToOuterDisposeScope();
    }
}
