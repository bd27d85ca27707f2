using Lanyard.Models.Layers;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Models.DeepseekV4;

/// <summary>
/// Chooses experts: by the roots of softplus of the logits, with a bias that the weights leave out, or by a table of tokens. Every rank routes all tokens.
/// Source: transformers, <c>modeling_deepseek_v4.py</c>, <c>DeepseekV4TopKRouter</c> and <c>DeepseekV4HashRouter</c>.
/// </summary>
[ParameterModule]
[With("Bias|Table")]
public sealed partial class DeepseekV4Router : Module<Tensor, Tensor, (Tensor Experts, Tensor Weights)>
{
    private readonly double _scale;

    /// <summary>Makes the router; the values are not initialised.</summary>
    /// <param name="config">The configuration.</param>
    /// <param name="hasTable">Whether a table chooses.</param>
    public DeepseekV4Router(DeepseekV4Config config, bool hasTable)
        : base(nameof(DeepseekV4Router))
    {
        (AllExperts, Hidden, Vocab, Choices) = (config.NumExperts, config.Decoder.HiddenSize, config.Decoder.VocabSize, config.NumExpertsPerTok);
        (HasTable, _scale) = (hasTable, config.RoutedScalingFactor);
        RegisterComponents();
    }

    /// <summary>The number of experts.</summary>
    [Axis]
    public int AllExperts { get; }

    /// <summary>The width of the residual stream.</summary>
    [Axis]
    public int Hidden { get; }

    /// <summary>The number of tokens in the vocabulary.</summary>
    [Axis]
    public int Vocab { get; }

    /// <summary>How many experts a token visits.</summary>
    [Axis]
    public int Choices { get; }

    /// <summary>Whether a table chooses.</summary>
    public bool HasTable { get; }

    /// <summary>Whether the logits choose.</summary>
    public bool HasBias => !HasTable;

    /// <summary>The projection to logits, [all_experts hidden].</summary>
    [Parameter("all_experts hidden")]
    [FromCheckpoint("weight", "all_experts hidden", Cast = true)]
    public partial Parameter Weight { get; private set; }

    /// <summary>What is added to the scores for the choice, [all_experts], or null; float32 in a model of any type.</summary>
    [Parameter("all_experts", When = nameof(HasBias), Type = ScalarType.Float32)]
    [FromCheckpoint("bias", "all_experts")]
    public partial Parameter? Bias { get; private set; }

    /// <summary>The experts of each token, int64, [vocab choices], or null.</summary>
    [Parameter("vocab choices", When = nameof(HasTable), Type = ScalarType.Int64)]
    [FromCheckpoint("tid2eid", "vocab choices")]
    public partial Parameter? Table { get; private set; }

    /// <summary>Chooses.</summary>
    /// <param name="tokens">[tokens hidden]</param>
    /// <param name="inputIds">Which tokens they are, int64, [tokens].</param>
    /// <returns>The experts, int64, and their weights, [tokens choices] each.</returns>
    public override (Tensor Experts, Tensor Weights) forward(Tensor tokens, Tensor inputIds)
    {
        using var scope = NewDisposeScope();
        var scores = StepSizes.Softplus(Parameters.Weight.Linear(tokens)).sqrt();
        var chosen = Table is { } table ? table.index_select(0, inputIds) : scores.Plus(Bias!).topk(Choices, dim: -1).indexes;
        var weights = scores.gather(-1, chosen);
        weights = (weights / weights.sum(-1, keepdim: true).Plus(1e-20)).Times(_scale);
        return (chosen.MoveToOuterDisposeScope(), weights.MoveToOuterDisposeScope());
    }
}
