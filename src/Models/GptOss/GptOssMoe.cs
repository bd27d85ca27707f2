using Lanyard.Models.Layers;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Models.GptOss;

/// <summary>A mixture of experts: the largest logits are chosen first and made probabilities then. Source: transformers, <c>modeling_gpt_oss.py</c>, <c>GptOssMLP</c> and <c>GptOssTopKRouter</c>.</summary>
[ParameterModule]
public sealed partial class GptOssMoe : Module<Tensor, Tensor>
{
    private readonly int _choices;

    /// <summary>Makes the mixture; the values are not initialised.</summary>
    /// <param name="config">The configuration.</param>
    /// <param name="limit">The largest gate and up.</param>
    public GptOssMoe(MixtureConfig config, double limit)
        : base(nameof(GptOssMoe))
    {
        (_choices, AllExperts) = (config.NumExpertsPerTok, config.NumExperts);
        Router = new ReplicatedLinear(config.Decoder.HiddenSize, config.NumExperts, hasBias: true);
        Experts = new GptOssExperts(config.NumExperts, config.Decoder.HiddenSize, config.MoeIntermediateSize, limit);
        RegisterComponents();
    }

    // What children share, for who compares the map with a published list.
    [Axis]
    private int AllExperts { get; }

    /// <summary>The router.</summary>
    [Child(typeof(ReplicatedLinear), Axes = "in = hidden, out = all_experts")]
    public Module<Tensor, Tensor> Router { get; private set; }

    /// <summary>The experts.</summary>
    [Child(typeof(GptOssExperts), Axes = "experts = all_experts")]
    public Module<Tensor, Tensor, Tensor, Tensor> Experts { get; private set; }

    /// <summary>Runs the mixture.</summary>
    /// <param name="hidden">[... hidden]</param>
    /// <returns>[... hidden]</returns>
    /// <exception cref="NotSupportedException">The module holds a slice of one rank, and does not know what the ranks do together.</exception>
    public override Tensor forward(Tensor hidden)
    {
        using var scope = NewDisposeScope();
        var tokens = hidden.reshape(-1, hidden.shape[^1]);
        var (logits, chosen) = Router.call(tokens).topk(_choices, dim: -1);
        return Experts.call(tokens, chosen, functional.softmax(logits, -1)).reshape(hidden.shape).MoveToOuterDisposeScope();
    }
}
