using Lanyard.Models.Layers;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Models.Llama4;

/// <summary>
/// A mixture of experts: the shared expert plus the routed ones. A token's score multiplies what goes into an expert, not
/// what comes out. Source: transformers, <c>modeling_llama4.py</c>, <c>Llama4TextMoe</c>.
/// </summary>
[ParameterModule]
public sealed partial class Llama4Moe : Module<Tensor, Tensor>
{
    private readonly int _topK;

    /// <summary>Makes the mixture; the values are not initialised.</summary>
    public Llama4Moe(Llama4Config config)
        : base(nameof(Llama4Moe))
    {
        (NumExperts, Hidden, _topK) = (config.NumLocalExperts, config.HiddenSize, config.NumExpertsPerTok);
        Experts = new Llama4Experts(config);
        SharedExpert = new GatedMlp(config.HiddenSize, config.IntermediateSize);
        RegisterComponents();
    }

    /// <summary>The number of routed experts. Every rank routes over all of them, so the axis is whole here.</summary>
    [Axis]
    public int NumExperts { get; }

    /// <summary>The width of the residual stream.</summary>
    [Axis]
    public int Hidden { get; }

    /// <summary>The router, [num_experts hidden].</summary>
    [Parameter("num_experts hidden")]
    [FromCheckpoint("router.weight", "num_experts hidden")]
    public partial Parameter RouterWeight { get; private set; }

    /// <summary>The routed experts.</summary>
    [Child(typeof(Llama4Experts), Axes = "experts = num_experts")]
    public Module<Tensor, Tensor, Tensor, Tensor> Experts { get; private set; }

    /// <summary>The expert that every token visits.</summary>
    [Child(typeof(GatedMlp))]
    public Module<Tensor, Tensor> SharedExpert { get; private set; }

    /// <summary>Runs the mixture.</summary>
    /// <param name="hidden">[batch sequence hidden]</param>
    /// <returns>[batch sequence hidden]</returns>
    /// <exception cref="NotSupportedException">The module holds a slice of one rank, and does not know what the ranks do together.</exception>
    public override Tensor forward(Tensor hidden)
    {
        using var scope = NewDisposeScope();
        var tokens = hidden.reshape(-1, Hidden);
        var (chosen, scores) = Llama4Router.Choose(Parameters.RouterWeight.Linear(tokens), _topK);
        return SharedExpert.call(tokens).Plus(Experts.call(tokens, chosen, scores)).reshape(hidden.shape).MoveToOuterDisposeScope();
    }
}
