using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Models.Layers;

/// <summary>
/// Causal attention with rotary positions, where several query heads share a key and value head. Queries, keys and values are one parameter.
/// Query heads are divided over tensor-parallel ranks, key and value heads with them; where those are fewer than ranks, ranks share one.
/// With norms, each query and each key head is normalised before it is turned. Sources: transformers, <c>modeling_qwen2.py</c>, <c>Qwen2Attention</c>;
/// <c>modeling_qwen3.py</c>, <c>Qwen3Attention</c>.
/// </summary>
[ParameterModule]
public sealed partial class GroupedAttention : Module<Tensor, (Tensor Cos, Tensor Sin), Tensor>
{
    /// <summary>Makes the attention; the values are not initialised.</summary>
    /// <param name="hidden">The width of the residual stream.</param>
    /// <param name="heads">The number of query heads.</param>
    /// <param name="kvHeads">The number of key and value heads; each serves as many query heads.</param>
    /// <param name="headDim">The width of a head.</param>
    /// <param name="hasBias">Whether queries, keys and values have biases.</param>
    /// <param name="normEps">What the norms of query and key heads add to the mean square; without it there are no such norms.</param>
    public GroupedAttention(int hidden, int heads, int kvHeads, int headDim, bool hasBias, double? normEps = null)
        : base(nameof(GroupedAttention))
    {
        (Hidden, Heads, KvHeads, HeadDim, HasBias) = (hidden, heads, kvHeads, headDim, hasBias);
        if (normEps is { } eps) (QNorm, KNorm) = (new RmsNorm(headDim, eps), new RmsNorm(headDim, eps));
        RegisterComponents();
    }

    /// <summary>The number of query heads.</summary>
    [Axis(Shard.Tensor)]
    public int Heads { get; }

    /// <summary>The number of key and value heads.</summary>
    [Axis(Shard.Tensor, Replicate = true)]
    public int KvHeads { get; }

    /// <summary>The width of a head.</summary>
    [Axis]
    public int HeadDim { get; }

    /// <summary>The width of the residual stream.</summary>
    [Axis]
    public int Hidden { get; }

    /// <summary>Whether queries, keys and values have biases.</summary>
    public bool HasBias { get; }

    /// <summary>Query, key and value projections, [(q: heads head_dim + k: kv_heads head_dim + v: kv_heads head_dim) hidden].</summary>
    [Parameter("(q: heads head_dim + k: kv_heads head_dim + v: kv_heads head_dim) hidden")]
    [FromCheckpoint("q_proj.weight", "(heads head_dim) hidden", Part = "q")]
    [FromCheckpoint("k_proj.weight", "(kv_heads head_dim) hidden", Part = "k")]
    [FromCheckpoint("v_proj.weight", "(kv_heads head_dim) hidden", Part = "v")]
    [FromCheckpoint("attn_q.weight", "(heads head_dim) hidden", Part = "q", Format = "gguf")]
    [FromCheckpoint("attn_k.weight", "(kv_heads head_dim) hidden", Part = "k", Format = "gguf")]
    [FromCheckpoint("attn_v.weight", "(kv_heads head_dim) hidden", Part = "v", Format = "gguf")]
    public partial Parameter QkvWeight { get; private set; }

    /// <summary>Their biases, [(q: heads head_dim + k: kv_heads head_dim + v: kv_heads head_dim)], or null.</summary>
    [Parameter("(q: heads head_dim + k: kv_heads head_dim + v: kv_heads head_dim)", When = nameof(HasBias))]
    [FromCheckpoint("q_proj.bias", "(heads head_dim)", Part = "q")]
    [FromCheckpoint("k_proj.bias", "(kv_heads head_dim)", Part = "k")]
    [FromCheckpoint("v_proj.bias", "(kv_heads head_dim)", Part = "v")]
    [FromCheckpoint("attn_q.bias", "(heads head_dim)", Part = "q", Format = "gguf")]
    [FromCheckpoint("attn_k.bias", "(kv_heads head_dim)", Part = "k", Format = "gguf")]
    [FromCheckpoint("attn_v.bias", "(kv_heads head_dim)", Part = "v", Format = "gguf")]
    public partial Parameter? QkvBias { get; private set; }

    /// <summary>The output projection, [hidden (heads head_dim)].</summary>
    [Parameter("hidden (heads head_dim)")]
    [FromCheckpoint("o_proj.weight", "hidden (heads head_dim)")]
    [FromCheckpoint("attn_output.weight", "hidden (heads head_dim)", Format = "gguf")]
    public partial Parameter OWeight { get; private set; }

    /// <summary>The norm of each query head, or null.</summary>
    [CheckpointName("q_norm"), CheckpointName("attn_q_norm", Format = "gguf")]
    public RmsNorm? QNorm { get; }

    /// <summary>The norm of each key head, or null.</summary>
    [CheckpointName("k_norm"), CheckpointName("attn_k_norm", Format = "gguf")]
    public RmsNorm? KNorm { get; }

    /// <summary>Runs the attention: softmax(q k^T / sqrt(head_dim)) v, masked to what lies before.</summary>
    /// <param name="hidden">[batch sequence hidden]</param>
    /// <param name="rotation">Cosines and sines of the positions, [sequence 1 head_dim] each.</param>
    /// <returns>[batch sequence hidden]</returns>
    /// <exception cref="NotSupportedException">The module holds a slice of one rank.</exception>
    public override Tensor forward(Tensor hidden, (Tensor Cos, Tensor Sin) rotation)
    {
        SingleRank.Require(Parameters);
        using var scope = NewDisposeScope();
        var (batch, sequence) = (hidden.shape[0], hidden.shape[1]);

        // Linear here and everywhere: where shapes do not fit, torch.matmul ends the process.
        var heads = functional.linear(hidden, QkvWeight, QkvBias).view(batch, sequence, Heads + (2 * KvHeads), HeadDim);
        var query = RotaryEmbedding.Turn(Normed(heads.narrow(2, 0, Heads), QNorm), rotation);
        var key = RotaryEmbedding.Turn(Normed(heads.narrow(2, Heads, KvHeads), KNorm), rotation);
        var value = heads.narrow(2, Heads + KvHeads, KvHeads);

        // No scale is given: torch's own is head_dim^-0.5. Of grouped heads this function knows nothing.
        var attended = functional.scaled_dot_product_attention(
            query.transpose(1, 2), ForEachQuery(key).transpose(1, 2), ForEachQuery(value).transpose(1, 2), is_casual: true);
        return functional.linear(attended.transpose(1, 2).reshape(batch, sequence, Heads * HeadDim), OWeight).MoveToOuterDisposeScope();
    }

    private static Tensor Normed(Tensor heads, RmsNorm? norm) => norm is null ? heads : norm.call(heads);

    /// <summary>Repeats each key or value head for the query heads that it serves: [... kv_heads head_dim] to [... heads head_dim].</summary>
    private Tensor ForEachQuery(Tensor heads) => KvHeads == Heads ? heads : heads.repeat_interleave(Heads / KvHeads, dim: 2);
}
