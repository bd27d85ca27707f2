using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Models.Layers;

/// <summary>Attention by its parts, for what torch's own does not take: another scale, scores that nothing stands behind, one key head for all queries.</summary>
internal static class PlainAttention
{
    /// <summary>softmax(scale q k^T) v. Sources: transformers, <c>modeling_gpt_oss.py</c> and <c>modeling_gemma4.py</c>, <c>eager_attention_forward</c>.</summary>
    /// <param name="query">[batch heads sequence head_dim]</param>
    /// <param name="key">[batch heads tokens head_dim], or one head that all queries read.</param>
    /// <param name="value">[batch heads tokens value_dim], as many as there are keys.</param>
    /// <param name="scale">What scores are multiplied with.</param>
    /// <param name="seen">Which keys a query sees; it stretches to [batch heads sequence tokens].</param>
    /// <param name="sinks">A score of each head that takes its part of the probability, [heads], or null.</param>
    /// <returns>[batch heads sequence value_dim]</returns>
    public static Tensor Of(Tensor query, Tensor key, Tensor value, double scale, Tensor seen, Tensor? sinks = null)
    {
        using var scope = NewDisposeScope();
        var (batch, heads, sequence, tokens) = (query.shape[0], query.shape[1], query.shape[2], key.shape[2]);
        var scores = Product(query, key.transpose(2, 3));
        if (scale != 1) scores = scores.Times(scale);
        scores = scores.FilledWhere(seen.logical_not(), double.NegativeInfinity);
        var all = functional.softmax(sinks is null ? scores : cat([scores, sinks.view(1, heads, 1, 1).expand(batch, heads, sequence, 1)], -1), -1);
        return Product(all.narrow(-1, 0, tokens).to(value.dtype), value).MoveToOuterDisposeScope();
    }

    /// <summary>[batch heads rows inner] times [batch (heads or one) inner columns].</summary>
    private static Tensor Product(Tensor left, Tensor right)
    {
        var (batch, heads, rows, columns) = (left.shape[0], left.shape[1], left.shape[2], right.shape[3]);

        // By hand: torch.matmul would repeat the one head.
        var matrices = right.shape[1];
        return left.reshape(batch * matrices, heads / matrices * rows, left.shape[3]).bmm(right.reshape(batch * matrices, right.shape[2], columns)).view(batch, heads, rows, columns);
    }
}
