using Lanyard.Models.Layers;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Models.Gemma4;

/// <summary>
/// Causal attention whose scores are not scaled: queries, keys and values are normalised, values without a weight. A layer has keys and values of its own, keys that
/// serve as values before their norm, or those of an earlier layer. Query heads are divided over tensor-parallel ranks, and a rank has the keys that they read.
/// Source: transformers, <c>modeling_gemma4.py</c>, <c>Gemma4TextAttention</c>.
/// </summary>
[ParameterModule]
[Ignore("k_proj.**", Optional = true, When = nameof(HasSharedKeys))]
[Ignore("v_proj.**", Optional = true, When = nameof(HasSharedKeys))]
[Ignore("k_norm.**", Optional = true, When = nameof(HasSharedKeys))]
public sealed partial class Gemma4Attention : Module<Tensor, Positions, IBlockState?, Tensor>
{
    private readonly (string What, int Layer) _keys;
    private readonly AttentionConfig _config;

    /// <summary>Makes the attention; the values are not initialised.</summary>
    /// <param name="config">Sizes, rotation and window.</param>
    /// <param name="keysAreValues">Whether keys serve as values.</param>
    /// <param name="layer">The number of its layer.</param>
    /// <param name="source">The layer whose keys and values it reads; null where it has its own.</param>
    public Gemma4Attention(AttentionConfig config, bool keysAreValues, int layer, int? source)
        : base(nameof(Gemma4Attention))
    {
        (_config, _keys) = (config, ("keys of layer", source ?? layer));
        (HasKeys, HasValues) = (source is null, source is null && !keysAreValues);
        QNorm = new RmsNorm(HeadDim, Eps, isWide: true);
        if (HasKeys) KNorm = new RmsNorm(HeadDim, Eps, isWide: true);
        RegisterComponents();
    }

    /// <summary>The number of query heads.</summary>
    [Axis(Shard.Tensor)]
    public int Heads => _config.Heads;

    /// <summary>The number of key and value heads.</summary>
    [Axis(Follows = nameof(Heads))]
    public int KvHeads => _config.KvHeads;

    /// <summary>The width of a head.</summary>
    [Axis]
    public int HeadDim => _config.HeadDim;

    /// <summary>The width of the residual stream.</summary>
    [Axis]
    public int Hidden => _config.Hidden;

    /// <summary>Whether keys and values are those of an earlier layer. What published files have of such a layer's own nothing uses.</summary>
    public bool HasSharedKeys => !HasKeys;

    /// <summary>Whether the layer has keys of its own.</summary>
    public bool HasKeys { get; }

    /// <summary>Whether it has values that are not its keys.</summary>
    public bool HasValues { get; }

    /// <summary>The query projection, [(heads head_dim) hidden].</summary>
    [Parameter("(heads head_dim) hidden")]
    [FromCheckpoint("q_proj.weight", "(heads head_dim) hidden")]
    public partial Parameter QWeight { get; private set; }

    /// <summary>The key projection, [(kv_heads head_dim) hidden], or null.</summary>
    [Parameter("(kv_heads head_dim) hidden", When = nameof(HasKeys))]
    [FromCheckpoint("k_proj.weight", "(kv_heads head_dim) hidden")]
    public partial Parameter? KWeight { get; private set; }

    /// <summary>The value projection, [(kv_heads head_dim) hidden], or null.</summary>
    [Parameter("(kv_heads head_dim) hidden", When = nameof(HasValues))]
    [FromCheckpoint("v_proj.weight", "(kv_heads head_dim) hidden")]
    public partial Parameter? VWeight { get; private set; }

    /// <summary>The output projection, [hidden (heads head_dim)].</summary>
    [Parameter("hidden (heads head_dim)")]
    [FromCheckpoint("o_proj.weight", "hidden (heads head_dim)")]
    public partial Parameter OWeight { get; private set; }

    /// <summary>The norm of each query head.</summary>
    [Child(typeof(RmsNorm), Axes = "hidden = head_dim")]
    public Module<Tensor, Tensor> QNorm { get; private set; }

    /// <summary>The norm of each key head, or null.</summary>
    [Child(typeof(RmsNorm), Axes = "hidden = head_dim", When = nameof(HasKeys))]
    public Module<Tensor, Tensor>? KNorm { get; private set; }

    /// <summary>Runs the attention: softmax(q k^T) v, masked to what lies before, and in a window.</summary>
    /// <param name="hidden">[batch sequence hidden]</param>
    /// <param name="positions">Where the tokens stand, and what earlier layers left.</param>
    /// <param name="state">The keys and values of the tokens before, [batch kv_heads tokens head_dim] each, or null. A layer that reads those of another keeps nothing.</param>
    /// <returns>[batch sequence hidden]</returns>
    /// <exception cref="ArgumentException">The tokens do not begin at position 0, and there is no state with those before.</exception>
    /// <exception cref="InvalidOperationException">The layer whose keys this one reads did not run before it.</exception>
    /// <exception cref="NotSupportedException">The module holds a slice of one rank, and does not know what the ranks do together.</exception>
    public override Tensor forward(Tensor hidden, Positions positions, IBlockState? state)
    {
        using var scope = NewDisposeScope();
        var query = RotaryEmbedding.Turn(QNorm.call(ByHead(Parameters.QWeight.Linear(hidden), "heads")), positions.Of(_config.Rotary!)).transpose(1, 2);
        if (HasKeys) LeaveKeys(hidden, positions, state);
        var kept = positions.Left(_keys);
        var reads = Parameters.Reads("heads", "kv_heads");
        var attended = PlainAttention.Of(query, KeyHeads.ForEachQuery(kept[0], reads), KeyHeads.ForEachQuery(kept[1], reads), 1, positions.Seen(_config.Window));
        return Ranks.Sum(Parameters, Parameters.OWeight.Linear(CausalAttention.Joined(attended))).MoveToOuterDisposeScope();
    }

    private double Eps => _config.NormEps!.Value;

    private void LeaveKeys(Tensor hidden, Positions positions, IBlockState? state)
    {
        var projected = ByHead(Parameters.KWeight.Linear(hidden), "kv_heads");
        var key = RotaryEmbedding.Turn(KNorm!.call(projected), positions.Of(_config.Rotary!)).transpose(1, 2);
        var value = Normalisation.Rms(HasValues ? ByHead(Parameters.VWeight.Linear(hidden), "kv_heads") : projected, Eps).transpose(1, 2);
        (key, value) = CausalAttention.Extended(key, value, positions, state);
        positions.Leave(_keys, key, value);
    }

    /// <summary>[batch sequence (heads head_dim)] to [batch sequence heads head_dim].</summary>
    private Tensor ByHead(Tensor projected, string axis) => projected.view(projected.shape[0], projected.shape[1], Parameters.Held(axis).Length, HeadDim);
}
