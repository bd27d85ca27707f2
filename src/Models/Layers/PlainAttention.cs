using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Models.Layers;

/// <summary>Attention by its parts, for what torch's own does not take: another scale, or scores that nothing stands behind.</summary>
internal static class PlainAttention
{
    /// <summary>softmax(scale q k^T) v. Sources: transformers, <c>modeling_gpt_oss.py</c> and <c>modeling_gemma4.py</c>, <c>eager_attention_forward</c>.</summary>
    /// <param name="query">[batch heads sequence head_dim]</param>
    /// <param name="key">[batch heads tokens head_dim]</param>
    /// <param name="value">[batch heads tokens head_dim]</param>
    /// <param name="scale">What scores are multiplied with.</param>
    /// <param name="seen">Which keys a query sees; it stretches to [batch heads sequence tokens].</param>
    /// <param name="sinks">A score of each head that takes its part of the probability, [heads], or null.</param>
    /// <returns>[batch heads sequence head_dim]</returns>
    public static Tensor Of(Tensor query, Tensor key, Tensor value, double scale, Tensor seen, Tensor? sinks = null)
    {
        using var scope = NewDisposeScope();
        var (batch, heads, sequence, width) = (query.shape[0], query.shape[1], query.shape[2], query.shape[3]);
        var tokens = key.shape[2];
        var scores = query.reshape(batch * heads, sequence, width).bmm(key.reshape(batch * heads, tokens, width).transpose(1, 2)).view(batch, heads, sequence, tokens);
        if (scale != 1) scores = scores.Times(scale);
        scores = scores.FilledWhere(seen.logical_not(), double.NegativeInfinity);
        var all = functional.softmax(sinks is null ? scores : cat([scores, sinks.to(scores.dtype).view(1, heads, 1, 1).expand(batch, heads, sequence, 1)], -1), -1);
        return all.narrow(-1, 0, tokens).reshape(batch * heads, sequence, tokens).bmm(value.reshape(batch * heads, tokens, width)).view(batch, heads, sequence, width).MoveToOuterDisposeScope();
    }
}
