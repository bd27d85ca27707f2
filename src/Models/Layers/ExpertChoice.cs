using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Models.Layers;

/// <summary>Which experts a token visits, and what each of them counts.</summary>
/// <param name="logits">[tokens experts]</param>
/// <returns>The experts, int64, and their weights, in the type of the logits, [tokens choices] each.</returns>
public delegate (Tensor Experts, Tensor Weights) ExpertChoice(Tensor logits);

/// <summary>The ways of choosing.</summary>
public static class ExpertChoices
{
    /// <summary>
    /// The largest probabilities, in float32. Sources: transformers, <c>modeling_mixtral.py</c>, <c>MixtralTopKRouter</c>; <c>modeling_qwen3_moe.py</c>,
    /// <c>Qwen3MoeTopKRouter</c>.
    /// </summary>
    /// <param name="count">How many experts a token visits.</param>
    /// <param name="normalised">Whether their weights add up to one.</param>
    public static ExpertChoice Softmax(int count, bool normalised) => logits =>
    {
        using var scope = NewDisposeScope();
        var (values, experts) = functional.softmax(logits.to(ScalarType.Float32), -1).topk(count, dim: -1);
        var weights = normalised ? values / values.sum(-1, keepdim: true) : values;
        return (experts.MoveToOuterDisposeScope(), weights.to(logits.dtype).MoveToOuterDisposeScope());
    };
}
