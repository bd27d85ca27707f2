using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Models.DeepseekV4;

/// <summary>A mixture of experts, with one of all tokens beside them. Source: transformers, <c>modeling_deepseek_v4.py</c>, <c>DeepseekV4SparseMoeBlock</c>.</summary>
[ParameterModule]
public sealed partial class DeepseekV4Moe : Module<Tensor, Tensor, Tensor>
{
    /// <summary>Makes the mixture; the values are not initialised.</summary>
    /// <param name="config">The configuration.</param>
    /// <param name="hasTable">Whether a table of tokens chooses.</param>
    public DeepseekV4Moe(DeepseekV4Config config, bool hasTable)
        : base(nameof(DeepseekV4Moe))
    {
        var (hidden, inner) = (config.Decoder.HiddenSize, config.Decoder.IntermediateSize);
        AllExperts = config.NumExperts;
        Gate = new DeepseekV4Router(config, hasTable);
        Experts = new DeepseekV4Experts(config.NumExperts, hidden, inner, config.SwigluLimit);
        SharedExperts = new DeepseekV4Mlp(hidden, inner, config.SwigluLimit);
        RegisterComponents();
    }

    // What children share, for who compares the map with a published list.
    [Axis]
    private int AllExperts { get; }

    /// <summary>The router.</summary>
    [Child(typeof(DeepseekV4Router))]
    public Module<Tensor, Tensor, (Tensor Experts, Tensor Weights)> Gate { get; private set; }

    /// <summary>The routed experts.</summary>
    [Child(typeof(DeepseekV4Experts), Axes = "experts = all_experts")]
    public Module<Tensor, Tensor, Tensor, Tensor> Experts { get; private set; }

    /// <summary>The expert of all tokens.</summary>
    [Child(typeof(DeepseekV4Mlp))]
    public Module<Tensor, Tensor> SharedExperts { get; private set; }

    /// <summary>Runs the mixture.</summary>
    /// <param name="hidden">[batch sequence hidden]</param>
    /// <param name="inputIds">Tokens as int64, [batch sequence].</param>
    /// <returns>[batch sequence hidden]</returns>
    /// <exception cref="NotSupportedException">The module holds a slice of one rank, and does not know what the ranks do together.</exception>
    public override Tensor forward(Tensor hidden, Tensor inputIds)
    {
        using var scope = NewDisposeScope();
        var tokens = hidden.reshape(-1, hidden.shape[^1]);
        var (chosen, weights) = Gate.call(tokens, inputIds.flatten());
        return Experts.call(tokens, chosen, weights).view(hidden.shape).Plus(SharedExperts.call(hidden)).MoveToOuterDisposeScope();
    }
}
