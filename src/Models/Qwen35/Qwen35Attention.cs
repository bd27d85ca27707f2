using Lanyard.Models.Layers;
using Lanyard.Published;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Models.Qwen35;

/// <summary>
/// Attention with grouped heads whose output each query head gates; the first part of each head is turned. Checkpoints have a head's query and its gate one after the other in <c>q_proj</c>.
/// Source: transformers, <c>modeling_qwen3_5.py</c>, <c>Qwen3_5Attention</c>.
/// </summary>
[ParameterModule]
public sealed partial class Qwen35Attention : Module<Tensor, Positions, IBlockState?, Tensor>
{
    private readonly RotaryEmbedding _rotary;

    /// <summary>Makes the attention; the values are not initialised.</summary>
    /// <param name="config">What a configuration says of all layers.</param>
    /// <param name="rotary">How queries and keys are turned.</param>
    public Qwen35Attention(DecoderConfig config, RotaryEmbedding rotary)
        : base(nameof(Qwen35Attention))
    {
        (Heads, KvHeads, HeadDim, Hidden, _rotary) = (config.NumAttentionHeads, config.NumKeyValueHeads, config.HeadDim, config.HiddenSize, rotary);
        (QNorm, KNorm) = (new RmsNorm(HeadDim, config.RmsNormEps, 1), new RmsNorm(HeadDim, config.RmsNormEps, 1));
        RegisterComponents();
    }

    /// <summary>The number of query heads.</summary>
    [Axis(Shard.Tensor)]
    public int Heads { get; }

    /// <summary>The number of key and value heads.</summary>
    [Axis(Follows = nameof(Heads))]
    public int KvHeads { get; }

    /// <summary>The width of a head.</summary>
    [Axis]
    public int HeadDim { get; }

    /// <summary>The width of the residual stream.</summary>
    [Axis]
    public int Hidden { get; }

    /// <summary>Query, gate, key and value projections, [(q: heads head_dim + gate: heads head_dim + k: kv_heads head_dim + v: kv_heads head_dim) hidden].</summary>
    [Parameter("(q: heads head_dim + gate: heads head_dim + k: kv_heads head_dim + v: kv_heads head_dim) hidden")]
    [FromCheckpoint("q_proj.weight", "(heads (q: head_dim + gate: head_dim)) hidden")]
    [FromCheckpoint("k_proj.weight", "(kv_heads head_dim) hidden", Part = "k")]
    [FromCheckpoint("v_proj.weight", "(kv_heads head_dim) hidden", Part = "v")]
    [FromCheckpoint("q_proj.weight", "(heads (q: head_dim + gate: head_dim)) hidden", Encoding = typeof(Fp8Block128), Format = "fp8")]
    [FromCheckpoint("k_proj.weight", "(kv_heads head_dim) hidden", Part = "k", Encoding = typeof(Fp8Block128), Format = "fp8")]
    [FromCheckpoint("v_proj.weight", "(kv_heads head_dim) hidden", Part = "v", Encoding = typeof(Fp8Block128), Format = "fp8")]
    public partial Parameter QkvWeight { get; private set; }

    /// <summary>The output projection, [hidden (heads head_dim)].</summary>
    [Parameter("hidden (heads head_dim)")]
    [FromCheckpoint("o_proj.weight", "hidden (heads head_dim)")]
    [FromCheckpoint("o_proj.weight", "hidden (heads head_dim)", Encoding = typeof(Fp8Block128), Format = "fp8")]
    public partial Parameter OWeight { get; private set; }

    /// <summary>The norm of each query head.</summary>
    [Child(typeof(RmsNorm), Axes = "hidden = head_dim")]
    public Module<Tensor, Tensor> QNorm { get; private set; }

    /// <summary>The norm of each key head.</summary>
    [Child(typeof(RmsNorm), Axes = "hidden = head_dim")]
    public Module<Tensor, Tensor> KNorm { get; private set; }

    /// <summary>Runs the attention: (softmax(q k^T / sqrt(head_dim)) v) sigmoid(gate), masked to what lies before.</summary>
    /// <param name="hidden">[batch sequence hidden]</param>
    /// <param name="positions">Where the tokens stand.</param>
    /// <param name="state">The keys and values of the tokens before, [batch kv_heads tokens head_dim] each, or null.</param>
    /// <returns>[batch sequence hidden]</returns>
    /// <exception cref="ArgumentException">The tokens do not begin at position 0, and there is no state with those before.</exception>
    /// <exception cref="NotSupportedException">The module holds a slice of one rank, and does not know what the ranks do together.</exception>
    public override Tensor forward(Tensor hidden, Positions positions, IBlockState? state)
    {
        using var scope = NewDisposeScope();
        var (queries, keys) = (Parameters.Held("heads").Length, Parameters.Held("kv_heads").Length);
        var heads = Parameters.QkvWeight.Linear(hidden).view(hidden.shape[0], hidden.shape[1], (2 * queries) + (2 * keys), HeadDim).split([queries, queries, keys, keys], 2);
        var (query, turnedKey) = (Turned(QNorm.call(heads[0]), positions), Turned(KNorm.call(heads[2]), positions));
        var (key, value) = CausalAttention.Extended(turnedKey, heads[3].transpose(1, 2), positions, state);
        var attended = CausalAttention.Attend(query, key, value, Parameters.Reads("heads", "kv_heads"), positions.Mask());
        return Ranks.Sum(Parameters, Parameters.OWeight.Linear(attended * heads[1].reshape(attended.shape).sigmoid())).MoveToOuterDisposeScope();
    }

    /// <summary>[batch sequence heads head_dim] to [batch heads sequence head_dim], turned.</summary>
    private Tensor Turned(Tensor heads, Positions positions) => RotaryEmbedding.Turn(heads, positions.Of(_rotary)).transpose(1, 2);
}
