using Lanyard.Models.Layers;
using Lanyard.Published;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Models.DeepseekV4;

/// <summary>
/// Causal attention in a window, with entries of whole windows before it in most layers, of which an indexer chooses in some. One head is key and value of all queries; a part of it is turned, and the
/// output turned back. Each head has a sink. Heads lie in groups, which are projected each by itself: groups are divided over tensor-parallel ranks, the rest is whole on each.
/// Source: transformers, <c>modeling_deepseek_v4.py</c>, <c>DeepseekV4Attention</c>.
/// </summary>
[ParameterModule]
public sealed partial class DeepseekV4Attention : Module<Tensor, Positions, IBlockState?, Tensor>
{
    private readonly DeepseekV4Config _config;
    private readonly RotaryEmbedding _rotary;

    /// <summary>Makes the attention; the values are not initialised.</summary>
    /// <param name="config">The configuration.</param>
    /// <param name="compression">What it sees beyond its window.</param>
    /// <param name="rotary">How queries and keys are turned.</param>
    public DeepseekV4Attention(DeepseekV4Config config, DeepseekV4Compression compression, RotaryEmbedding rotary)
        : base(nameof(DeepseekV4Attention))
    {
        (_config, _rotary) = (config, rotary);
        var (hidden, eps) = (config.Decoder.HiddenSize, config.Decoder.RmsNormEps);
        QNorm = new RmsNorm(QRank, eps);
        KvNorm = new RmsNorm(HeadDim, eps);
        if (compression == DeepseekV4Compression.Sparse) Indexer = new DeepseekV4Indexer(config, rotary);
        if (compression != DeepseekV4Compression.None)
        {
            var isSparse = compression == DeepseekV4Compression.Sparse;
            Compressor = new DeepseekV4Compressor(hidden, HeadDim, isSparse ? config.SparseRate : config.HeavyRate, isSparse, eps, rotary, "compressor");
        }
        RegisterComponents();
    }

    /// <summary>The number of groups of heads.</summary>
    [Axis(Shard.Tensor)]
    public int Groups => _config.OGroups;

    /// <summary>The number of heads in a group.</summary>
    [Axis]
    public int GroupHeads => _config.Decoder.NumAttentionHeads / _config.OGroups;

    /// <summary>The width of a head.</summary>
    [Axis]
    public int HeadDim => _config.Decoder.HeadDim;

    /// <summary>The width of the residual stream.</summary>
    [Axis]
    public int Hidden => _config.Decoder.HiddenSize;

    /// <summary>The width of the latent query.</summary>
    [Axis]
    public int QRank => _config.QLoraRank;

    /// <summary>The width of what comes of a group.</summary>
    [Axis]
    public int ORank => _config.OLoraRank;

    /// <summary>What makes the latent query, [q_rank hidden].</summary>
    [Parameter("q_rank hidden")]
    [FromCheckpoint("wq_a.weight", "q_rank hidden")]
    [FromCheckpoint("wq_a.weight", "q_rank hidden", Encoding = typeof(Fp8Block128DeepSeekV4), Format = "fp8")]
    public partial Parameter WqAWeight { get; private set; }

    /// <summary>What makes queries of it, [(groups group_heads head_dim) q_rank].</summary>
    [Parameter("(groups group_heads head_dim) q_rank")]
    [FromCheckpoint("wq_b.weight", "(groups group_heads head_dim) q_rank")]
    [FromCheckpoint("wq_b.weight", "(groups group_heads head_dim) q_rank", Encoding = typeof(Fp8Block128DeepSeekV4), Format = "fp8")]
    public partial Parameter WqBWeight { get; private set; }

    /// <summary>What makes the one key, which is the value too, [head_dim hidden].</summary>
    [Parameter("head_dim hidden")]
    [FromCheckpoint("wkv.weight", "head_dim hidden")]
    [FromCheckpoint("wkv.weight", "head_dim hidden", Encoding = typeof(Fp8Block128DeepSeekV4), Format = "fp8")]
    public partial Parameter WkvWeight { get; private set; }

    /// <summary>The projection of each group, [(groups o_rank) (group_heads head_dim)].</summary>
    [Parameter("(groups o_rank) (group_heads head_dim)")]
    [FromCheckpoint("wo_a.weight", "(groups o_rank) (group_heads head_dim)")]
    [FromCheckpoint("wo_a.weight", "(groups o_rank) (group_heads head_dim)", Encoding = typeof(Fp8Block128DeepSeekV4), Format = "fp8")]
    public partial Parameter WoAWeight { get; private set; }

    /// <summary>The projection of all groups together, [hidden (groups o_rank)].</summary>
    [Parameter("hidden (groups o_rank)")]
    [FromCheckpoint("wo_b.weight", "hidden (groups o_rank)")]
    [FromCheckpoint("wo_b.weight", "hidden (groups o_rank)", Encoding = typeof(Fp8Block128DeepSeekV4), Format = "fp8")]
    public partial Parameter WoBWeight { get; private set; }

    /// <summary>A score of each head that nothing stands behind, [(groups group_heads)]; float32 in a model of any type.</summary>
    [Parameter("(groups group_heads)", Type = ScalarType.Float32)]
    [FromCheckpoint("attn_sink", "(groups group_heads)")]
    public partial Parameter AttnSink { get; private set; }

    /// <summary>The norm of the latent query.</summary>
    [Child(typeof(RmsNorm), Axes = "hidden = q_rank")]
    public Module<Tensor, Tensor> QNorm { get; private set; }

    /// <summary>The norm of the key.</summary>
    [Child(typeof(RmsNorm), Axes = "hidden = head_dim")]
    public Module<Tensor, Tensor> KvNorm { get; private set; }

    /// <summary>What makes entries of whole windows, or null.</summary>
    public DeepseekV4Compressor? Compressor { get; }

    /// <summary>What chooses entries, or null where all are seen.</summary>
    [Child(typeof(DeepseekV4Indexer), Axes = "head_dim = ?")]
    public Module<Tensor, Tensor, Positions, IBlockState?, Tensor>? Indexer { get; private set; }

    /// <summary>Runs the attention.</summary>
    /// <param name="hidden">[batch sequence hidden]</param>
    /// <param name="positions">Where the tokens stand.</param>
    /// <param name="state">The keys of the tokens before, [batch 1 tokens head_dim], and what compressors keep; or null.</param>
    /// <returns>[batch sequence hidden]</returns>
    /// <exception cref="ArgumentException">The tokens do not begin at position 0, and there is no state with those before.</exception>
    /// <exception cref="NotSupportedException">The module holds a slice of one rank, and does not know what the ranks do together.</exception>
    public override Tensor forward(Tensor hidden, Positions positions, IBlockState? state)
    {
        using var scope = NewDisposeScope();
        var (batch, sequence, groups, rotation) = (hidden.shape[0], hidden.shape[1], Parameters.Held("groups").Length, positions.Of(_rotary));
        var latent = QNorm.call(Parameters.WqAWeight.Linear(hidden));
        var query = TrailingRotary.Turn(Normed(Parameters.WqBWeight.Linear(latent).view(batch, sequence, groups * GroupHeads, HeadDim)), rotation).transpose(1, 2);
        var keys = TrailingRotary.Turn(KvNorm.call(Parameters.WkvWeight.Linear(hidden)).unsqueeze(2), rotation).transpose(1, 2);
        if (state is not null) keys = state.Extend("key", keys, 2);
        CausalAttention.Require(keys, positions);
        var seen = positions.Seen(_config.SlidingWindow).unsqueeze(0);
        if (Compressor is not null)
        {
            var entries = Compressor.call(hidden, positions, state);
            var chosen = Indexer?.call(hidden, latent, positions, state) ?? WholeWindows.Seen(positions, Compressor.Rate).unsqueeze(0);
            keys = cat([keys, entries.unsqueeze(1)], 2);
            seen = cat([seen.expand(chosen.shape[0], sequence, seen.shape[2]), chosen], 2);
        }
        var attended = PlainAttention.Of(query, keys, keys, Math.Pow(HeadDim, -0.5), seen.unsqueeze(1), AttnSink);
        var turnedBack = TrailingRotary.Turn(attended.transpose(1, 2), rotation, back: true);

        // [groups tokens (group_heads head_dim)] times [groups (group_heads head_dim) o_rank]
        var inGroups = turnedBack.reshape(batch * sequence, groups, GroupHeads * HeadDim).transpose(0, 1).bmm(WoAWeight.view(groups, ORank, GroupHeads * HeadDim).transpose(1, 2));
        return Ranks.Sum(Parameters, Parameters.WoBWeight.Linear(inGroups.transpose(0, 1).reshape(batch, sequence, groups * ORank))).MoveToOuterDisposeScope();
    }

    /// <summary>Each head over the root of its mean square, which is rounded to the type of the stream before.</summary>
    private Tensor Normed(Tensor heads)
    {
        var wide = heads.to(ScalarType.Float32);
        return heads * (wide * wide).mean([-1], keepdim: true).Plus(_config.Decoder.RmsNormEps).rsqrt().to(heads.dtype);
    }
}
