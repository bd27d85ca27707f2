using static TorchSharp.torch;

namespace Lanyard.Models.Llama4;

/// <summary>Which experts a token visits, and how strongly.</summary>
internal static class Llama4Router
{
    /// <summary>
    /// sigmoid(logit) for the <paramref name="topK"/> experts with the largest logits, zero for the others.
    /// Source: transformers, <c>modeling_llama4.py</c>, <c>Llama4Router</c>, where the others' logits are minus infinity.
    /// </summary>
    /// <param name="logits">[tokens experts]</param>
    /// <param name="topK">How many experts a token visits.</param>
    /// <returns>[tokens experts], of the type of the logits.</returns>
    public static Tensor Scores(Tensor logits, int topK)
    {
        using var scope = NewDisposeScope();
        var (values, experts) = logits.topk(topK, dim: 1);
        // In float32 and rounded once, as transformers does it.
        var scores = values.to(ScalarType.Float32).sigmoid().to(logits.dtype);
        return zeros_like(logits).scatter_(1, experts, scores).MoveToOuterDisposeScope();
    }
}
