using static TorchSharp.torch;

namespace Lanyard.Models.Llama4;

/// <summary>Which experts a token visits, and how strongly.</summary>
internal static class Llama4Router
{
    /// <summary>
    /// The <paramref name="topK"/> experts with the largest logits, and sigmoid(logit) of each.
    /// Source: transformers, <c>modeling_llama4.py</c>, <c>Llama4Router</c>, where the others' scores are zero.
    /// </summary>
    /// <param name="logits">[tokens experts]</param>
    /// <param name="topK">How many experts a token visits.</param>
    /// <returns>The experts, int64, and their scores, of the type of the logits, [tokens choices] each.</returns>
    public static (Tensor Experts, Tensor Scores) Choose(Tensor logits, int topK)
    {
        using var scope = NewDisposeScope();
        var (values, experts) = logits.topk(topK, dim: 1);
        // In float32 and rounded once, as transformers does it.
        var scores = values.to(ScalarType.Float32).sigmoid().to(logits.dtype);
        return (experts.MoveToOuterDisposeScope(), scores.MoveToOuterDisposeScope());
    }
}
