using Lanyard.Models.Layers;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Models.Tests.Seams;

/// <summary>An engine's own attention in place of Llama's: the projections are kept as bytes, and adapters have their place beside them.</summary>
[ParameterModule]
public sealed partial class Int8Attention : Module<Tensor, Positions, IBlockState?, Tensor>
{
    private readonly AttentionConfig _config;

    public Int8Attention(GroupedAttention like)
        : base(nameof(Int8Attention))
    {
        _config = like.Config;
        RegisterComponents();
    }

    [Axis(Shard.Tensor)]
    public int Heads => _config.Heads;

    [Axis(Follows = nameof(Heads))]
    public int KvHeads => _config.KvHeads;

    [Axis]
    public int HeadDim => _config.HeadDim;

    [Axis]
    public int Hidden => _config.Hidden;

    [Parameter("(q: heads head_dim + k: kv_heads head_dim + v: kv_heads head_dim) hidden")]
    [FromCheckpoint("q_proj.weight", "(heads head_dim) hidden", Part = "q")]
    [FromCheckpoint("k_proj.weight", "(kv_heads head_dim) hidden", Part = "k")]
    [FromCheckpoint("v_proj.weight", "(kv_heads head_dim) hidden", Part = "v")]
    public partial Parameter QkvWeight { get; private set; }

    [Parameter("(q: heads head_dim + k: kv_heads head_dim + v: kv_heads head_dim) 1", Type = ScalarType.Float32)]
    public partial Parameter QkvScale { get; private set; }

    [Parameter("hidden (heads head_dim)")]
    [FromCheckpoint("o_proj.weight", "hidden (heads head_dim)")]
    public partial Parameter OWeight { get; private set; }

    public override Tensor forward(Tensor hidden, Positions positions, IBlockState? state)
    {
        using var scope = NewDisposeScope();
        var (queries, keys) = (Parameters.Held("heads").Length, Parameters.Held("kv_heads").Length);
        var projected = Parameters.QkvWeight.Adapted(hidden, Int8Rows.Linear(hidden, Parameters.QkvWeight.Value, QkvScale));
        var heads = projected.view(hidden.shape[0], hidden.shape[1], queries + (2 * keys), HeadDim);
        var rotation = positions.Of(_config.Rotary!);
        var (query, key) = (RotaryEmbedding.Turn(heads.narrow(2, 0, queries), rotation).transpose(1, 2), RotaryEmbedding.Turn(heads.narrow(2, queries, keys), rotation).transpose(1, 2));
        (key, var value) = CausalAttention.Extended(key, heads.narrow(2, queries + keys, keys).transpose(1, 2), positions, state);
        var attended = CausalAttention.Attend(query, key, value, Parameters.Reads("heads", "kv_heads"), positions.Mask());
        return Ranks.Sum(Parameters, Parameters.OWeight.Linear(attended)).MoveToOuterDisposeScope();
    }

    [PostLoad]
    private void Quantise() => (QkvWeight, QkvScale) = Int8Rows.Of(QkvWeight);
}
