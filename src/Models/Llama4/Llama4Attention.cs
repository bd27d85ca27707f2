using Lanyard.Models.Layers;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Models.Llama4;

/// <summary>
/// Attention with grouped key and value heads. Layers with rotation turn neighbouring pairs of queries and keys by position
/// and then divide both by their root mean square; layers without let queries grow with their position instead.
/// Source: transformers, <c>modeling_llama4.py</c>, <c>Llama4TextAttention</c>.
/// </summary>
[ParameterModule]
public partial class Llama4Attention : Module<Tensor, Positions, IBlockState?, Tensor>
{
    private readonly Llama4Config _config;
    private readonly Llama4LayerConfig _layer;
    private readonly float[] _frequencies;

    /// <summary>Makes the attention of one layer; the values are not initialised.</summary>
    /// <param name="config">The configuration.</param>
    /// <param name="layer">What is of this layer alone.</param>
    /// <param name="frequencies">One frequency for each pair of a head's elements: one array for all layers, so that a pass computes the rotation once.</param>
    /// <param name="topology">The rank, where the module is used by itself; in a model the model says it.</param>
    public Llama4Attention(Llama4Config config, Llama4LayerConfig layer, float[] frequencies, Topology? topology = null)
        : base(nameof(Llama4Attention))
    {
        (Heads, KvHeads, HeadDim, Hidden) = (config.NumAttentionHeads, config.NumKeyValueHeads, config.HeadDim, config.HiddenSize);
        (_config, _layer, _frequencies) = (config, layer, frequencies);
        CreateParameters(topology);
        RegisterComponents();
    }

    /// <summary>Makes the attention of the same layer: for a class that takes its place.</summary>
    /// <param name="like">The attention that stands there.</param>
    protected Llama4Attention(Llama4Attention like)
        : this(Given(like)._config, like._layer, like._frequencies)
    {
    }

    /// <summary>The number of query heads.</summary>
    [Axis(Shard.Tensor, Config = "num_attention_heads")]
    public int Heads { get; }

    /// <summary>The number of key and value heads.</summary>
    [Axis(Shard.Tensor, Replicate = true, Config = "num_key_value_heads")]
    public int KvHeads { get; }

    /// <summary>The width of a head.</summary>
    [Axis]
    public int HeadDim { get; }

    /// <summary>The width of the residual stream.</summary>
    [Axis]
    public int Hidden { get; }

    /// <summary>Query, key and value projections, [(q: heads head_dim + k: kv_heads head_dim + v: kv_heads head_dim) hidden].</summary>
    [Parameter("(q: heads head_dim + k: kv_heads head_dim + v: kv_heads head_dim) hidden")]
    [FromCheckpoint("q_proj.weight", "(heads head_dim) hidden", Part = "q")]
    [FromCheckpoint("k_proj.weight", "(kv_heads head_dim) hidden", Part = "k")]
    [FromCheckpoint("v_proj.weight", "(kv_heads head_dim) hidden", Part = "v")]
    public partial Parameter QkvWeight { get; private set; }

    /// <summary>The output projection, [hidden (heads head_dim)].</summary>
    [Parameter("hidden (heads head_dim)")]
    [FromCheckpoint("o_proj.weight", "hidden (heads head_dim)")]
    public partial Parameter OWeight { get; private set; }

    /// <summary>Runs the attention: softmax(q k^T / sqrt(head_dim)) v, masked to what lies before, in chunked layers within the chunk.</summary>
    /// <param name="hidden">[batch sequence hidden]</param>
    /// <param name="positions">Where the tokens stand.</param>
    /// <param name="state">The keys and values of the tokens before, [batch kv_heads tokens head_dim] each, or null.</param>
    /// <returns>[batch sequence hidden]</returns>
    /// <exception cref="ArgumentException">The tokens do not begin at position 0, and there is no state with those before.</exception>
    /// <exception cref="NotSupportedException">The module holds a slice of one rank, and does not know what the ranks do together.</exception>
    public override Tensor forward(Tensor hidden, Positions positions, IBlockState? state)
    {
        using var scope = NewDisposeScope();
        var (batch, sequence) = (hidden.shape[0], hidden.shape[1]);
        var (queries, shared) = (Parameters.Held("heads").Length, Parameters.Held("kv_heads").Length);

        // Linear here and everywhere: where shapes do not fit, torch.matmul ends the process.
        var heads = Qkv(hidden).view(batch, sequence, queries + (2 * shared), HeadDim);
        var query = heads.narrow(2, 0, queries);
        var key = heads.narrow(2, queries, shared);
        var value = heads.narrow(2, queries + shared, shared);

        if (_layer.UsesRope)
        {
            var rotation = Llama4Positions.Rotation(positions, _frequencies);
            (query, key) = (Rotate(query, rotation), Rotate(key, rotation));
            if (_config.UseQkNorm) (query, key) = (Normalisation.Rms(query, _config.RmsNormEps), Normalisation.Rms(key, _config.RmsNormEps));
        }
        else if (_config.AttnTemperatureTuning)
        {
            // The temperature is float32, and makes the queries so.
            query = (query * Llama4Positions.Temperature(positions, _config.FloorScale, _config.AttnScale)).to(query.dtype);
        }

        var (keys, values) = CausalAttention.Extended(key.transpose(1, 2), value.transpose(1, 2), positions, state);
        var mask = Llama4Positions.Mask(positions, _layer.IsChunked ? _config.AttentionChunkSize : null);
        var attended = CausalAttention.Attend(query.transpose(1, 2), keys, values, Parameters.Reads("heads", "kv_heads"), mask);
        return Ranks.Sum(Parameters, Output(attended)).MoveToOuterDisposeScope();
    }

    /// <summary>The projections: what a class that derives from this one may compute otherwise, of the same map.</summary>
    /// <param name="hidden">[batch sequence hidden]</param>
    /// <returns>[batch sequence (q: heads head_dim + k: kv_heads head_dim + v: kv_heads head_dim)], of the heads what the rank holds.</returns>
    protected virtual Tensor Qkv(Tensor hidden) => Parameters.QkvWeight.Linear(hidden);

    /// <summary>The output projection, which a class that derives from this one may compute otherwise.</summary>
    /// <param name="attended">[batch sequence (heads head_dim)], of the heads what the rank holds.</param>
    /// <returns>[batch sequence hidden]: this rank's part of the sum.</returns>
    protected virtual Tensor Output(Tensor attended) => Parameters.OWeight.Linear(attended);

    private static Llama4Attention Given(Llama4Attention like)
    {
        ArgumentNullException.ThrowIfNull(like);
        return like;
    }

    /// <summary>
    /// Multiplies neighbouring pairs of the last dimension, as complex numbers, with the rotation of their position, in float32.
    /// Source: transformers, <c>modeling_llama4.py</c>, <c>apply_rotary_emb</c>.
    /// </summary>
    /// <param name="x">[batch sequence heads (pairs 2)]</param>
    /// <param name="rotation">[sequence 1 pairs]</param>
    internal static Tensor Rotate(Tensor x, Tensor rotation)
    {
        using var scope = NewDisposeScope();
        var pairs = x.to(ScalarType.Float32).unflatten(x.dim() - 1, x.shape[^1] / 2, 2).view_as_complex();
        return (pairs * rotation).view_as_real().flatten(x.dim() - 1).to(x.dtype).MoveToOuterDisposeScope();
    }
}
