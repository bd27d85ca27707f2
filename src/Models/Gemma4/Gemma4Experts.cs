using Lanyard.Models.Layers;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Models.Gemma4;

/// <summary>The routed experts: down(gelu(gate(x)) up(x)) each, times the token's weight for it. Source: transformers, <c>modeling_gemma4.py</c>, <c>Gemma4TextExperts</c>.</summary>
[ParameterModule]
public sealed partial class Gemma4Experts : Module<Tensor, Tensor, Tensor, Tensor>
{
    /// <summary>Makes the experts; the values are not initialised.</summary>
    /// <param name="experts">The number of experts, over all ranks.</param>
    /// <param name="hidden">The width of the residual stream.</param>
    /// <param name="intermediate">The inner width of an expert.</param>
    public Gemma4Experts(int experts, int hidden, int intermediate)
        : base(nameof(Gemma4Experts))
    {
        (Experts, Hidden, Intermediate) = (experts, hidden, intermediate);
        RegisterComponents();
    }

    /// <summary>The number of experts.</summary>
    [Axis(Shard.Expert)]
    public int Experts { get; }

    /// <summary>The inner width of an expert.</summary>
    [Axis(Shard.Tensor, Padded = true)]
    public int Intermediate { get; }

    /// <summary>The width of the residual stream.</summary>
    [Axis]
    public int Hidden { get; }

    /// <summary>Gate and up projections, [experts (gate: intermediate + up: intermediate) hidden].</summary>
    [Parameter("experts (gate: intermediate + up: intermediate) hidden")]
    [FromCheckpoint("gate_up_proj", "experts (gate: intermediate + up: intermediate) hidden")]
    public partial Parameter GateUpWeight { get; private set; }

    /// <summary>Down projections, [experts hidden intermediate].</summary>
    [Parameter("experts hidden intermediate")]
    [FromCheckpoint("down_proj", "experts hidden intermediate")]
    public partial Parameter DownWeight { get; private set; }

    /// <summary>Sums, for each token, what its experts make of it.</summary>
    /// <param name="tokens">[tokens hidden]</param>
    /// <param name="chosen">The experts that a token visits, int64, [tokens choices].</param>
    /// <param name="weights">What each of them counts for the token, [tokens choices].</param>
    /// <returns>[tokens hidden]</returns>
    /// <exception cref="NotSupportedException">The module holds a slice of one rank, and does not know what the ranks do together.</exception>
    public override Tensor forward(Tensor tokens, Tensor chosen, Tensor weights)
    {
        var (gateUpWeight, downWeight) = (GateUpWeight, DownWeight);
        return ExpertRun.Sum(Parameters, tokens, chosen, weights, (expert, own) =>
        {
            var gateUp = functional.linear(own, gateUpWeight.select(0, expert)).chunk(2, dim: -1);
            return functional.linear(Gates.GeluTanh(gateUp[0]) * gateUp[1], downWeight.select(0, expert));
        });
    }
}
