using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Models.Layers;

/// <summary>
/// A mixture of experts: a router and the experts that it chooses from. Every rank routes all tokens.
/// Sources: transformers, <c>modeling_mixtral.py</c>, <c>MixtralSparseMoeBlock</c>; <c>modeling_qwen3_moe.py</c>, <c>Qwen3MoeSparseMoeBlock</c>.
/// </summary>
[ParameterModule]
public sealed partial class SparseMoe : Module<Tensor, Tensor>
{
    private readonly ExpertChoice _choice;

    /// <summary>Makes the mixture; the values are not initialised.</summary>
    /// <param name="experts">The number of experts.</param>
    /// <param name="hidden">The width of the residual stream.</param>
    /// <param name="intermediate">The inner width of an expert.</param>
    /// <param name="choice">Which experts a token visits.</param>
    public SparseMoe(int experts, int hidden, int intermediate, ExpertChoice choice)
        : base(nameof(SparseMoe))
    {
        (AllExperts, Hidden, _choice) = (experts, hidden, choice);
        Experts = new RoutedExperts(experts, hidden, intermediate);
        RegisterComponents();
    }

    /// <summary>The number of experts; the router has all of them on every rank.</summary>
    [Axis]
    public int AllExperts { get; }

    /// <summary>The width of the residual stream.</summary>
    [Axis]
    public int Hidden { get; }

    /// <summary>The router, [all_experts hidden]. Releases that have it in float32 are rounded to the type of the model.</summary>
    [Parameter("all_experts hidden")]
    [FromCheckpoint("gate.weight", "all_experts hidden", Cast = true)]
    [FromCheckpoint("gate.weight", "all_experts hidden", Cast = true, Format = "mixtral")]
    [FromCheckpoint("ffn_gate_inp.weight", "all_experts hidden", Format = "gguf")]
    public partial Parameter GateWeight { get; private set; }

    /// <summary>The experts.</summary>
    [CheckpointName("experts"), CheckpointName("", Format = "gguf")]
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
        var (chosen, weights) = _choice(Parameters.GateWeight.Linear(tokens));
        return Experts.call(tokens, chosen, weights).reshape(hidden.shape).MoveToOuterDisposeScope();
    }
}
