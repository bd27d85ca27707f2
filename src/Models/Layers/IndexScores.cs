using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Models.Layers;

/// <summary>How much a query wants each key: the sum over heads of relu(q k / sqrt(head_dim)), each times what the token says of the head over sqrt(heads).</summary>
internal static class IndexScores
{
    /// <summary>
    /// Scores all keys, those behind a query too, in float32. Sources: transformers, <c>modeling_glm_moe_dsa.py</c>, <c>GlmMoeDsaIndexer</c>; <c>modeling_deepseek_v4.py</c>,
    /// <c>DeepseekV4Indexer</c>.
    /// </summary>
    /// <param name="query">[batch sequence heads head_dim]</param>
    /// <param name="keys">One for all heads, [batch tokens head_dim].</param>
    /// <param name="weights">What the token says of each head, [batch sequence heads].</param>
    /// <returns>[batch sequence tokens]</returns>
    public static Tensor Of(Tensor query, Tensor keys, Tensor weights)
    {
        using var scope = NewDisposeScope();
        var (batch, sequence, heads, width) = (query.shape[0], query.shape[1], query.shape[2], query.shape[3]);
        var products = query.reshape(batch, sequence * heads, width).to(ScalarType.Float32).bmm(keys.to(ScalarType.Float32).transpose(1, 2));
        var scores = functional.relu(products.Over(Math.Sqrt(width))).view(batch * sequence, heads, -1);
        return weights.to(ScalarType.Float32).Over(Math.Sqrt(heads)).view(batch * sequence, 1, heads).bmm(scores).view(batch, sequence, -1).MoveToOuterDisposeScope();
    }
}
