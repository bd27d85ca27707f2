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
public sealed partial class Llama4Attention : Module<Tensor, Llama4Positions, Tensor>
{
    private readonly Llama4LayerConfig _layer;
    private readonly double? _normEps;

    /// <summary>Makes the attention of one layer; the values are not initialised.</summary>
    /// <param name="config">The configuration.</param>
    /// <param name="layer">What is of this layer alone.</param>
    /// <param name="topology">The rank, where the module is used by itself; in a model the model says it.</param>
    public Llama4Attention(Llama4Config config, Llama4LayerConfig layer, Topology? topology = null)
        : base(nameof(Llama4Attention))
    {
        (Heads, KvHeads, HeadDim, Hidden) = (config.NumAttentionHeads, config.NumKeyValueHeads, config.HeadDim, config.HiddenSize);
        (_layer, _normEps) = (layer, config.UseQkNorm ? config.RmsNormEps : null);
        CreateParameters(topology);
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
    /// <param name="positions">The positions of the sequence.</param>
    /// <returns>[batch sequence hidden]</returns>
    /// <exception cref="NotSupportedException">The module holds a slice of one rank, and does not know what the ranks do together.</exception>
    public override Tensor forward(Tensor hidden, Llama4Positions positions)
    {
        using var scope = NewDisposeScope();
        var (batch, sequence) = (hidden.shape[0], hidden.shape[1]);
        var (queries, keys) = (Parameters.Held("heads").Length, Parameters.Held("kv_heads").Length);

        // Linear here and everywhere: where shapes do not fit, torch.matmul ends the process.
        var heads = functional.linear(hidden, QkvWeight).view(batch, sequence, queries + (2 * keys), HeadDim);
        var query = heads.narrow(2, 0, queries);
        var key = heads.narrow(2, queries, keys);
        var value = heads.narrow(2, queries + keys, keys);

        if (_layer.UsesRope)
        {
            (query, key) = (Rotate(query, positions.Rotation), Rotate(key, positions.Rotation));
            if (_normEps is { } eps) (query, key) = (Normalisation.Rms(query, eps), Normalisation.Rms(key, eps));
        }
        else if (positions.Temperature is { } temperature)
        {
            // The temperature is float32, and makes the queries so.
            query = (query * temperature).to(query.dtype);
        }

        // No scale is given: torch's own is head_dim^-0.5.
        // Beside is_causal torch takes no mask, so that of a chunk is causal itself. Of grouped heads this function knows nothing.
        var reads = Parameters.Reads("heads", "kv_heads");
        var mask = _layer.IsChunked ? positions.ChunkMask : null;
        var attended = functional.scaled_dot_product_attention(
            query.transpose(1, 2), KeyHeads.ForEachQuery(key.transpose(1, 2), reads), KeyHeads.ForEachQuery(value.transpose(1, 2), reads), mask, is_casual: mask is null);
        return Ranks.Sum(Parameters, functional.linear(attended.transpose(1, 2).reshape(batch, sequence, queries * HeadDim), OWeight)).MoveToOuterDisposeScope();
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
