using Lanyard.Published;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Models.Layers;

/// <summary>
/// Causal attention, where several query heads share a key and value head. Queries, keys and values are one parameter.
/// Query heads are divided over tensor-parallel ranks, and a rank has the key and value heads that they read.
/// With norms, each query and each key head is normalised before it is turned. Sources: transformers, <c>modeling_llama.py</c>, <c>LlamaAttention</c>;
/// <c>modeling_qwen3.py</c>, <c>Qwen3Attention</c>. Files of older releases hold the rotary frequencies, which are computed, as transformers does it.
/// </summary>
[ParameterModule]
[Ignore("rotary_emb.inv_freq", Optional = true)]
public partial class GroupedAttention : Module<Tensor, Positions, IBlockState?, Tensor>
{
    // What rotation turns together: an element of the first half of a head, and one of the second. Where GGUF calls the architecture llama, these are neighbours.
    [Axis("first", "second")]
    private const int Pair = 2;

    /// <summary>Makes the attention; the values are not initialised.</summary>
    public GroupedAttention(AttentionConfig config)
        : base(nameof(GroupedAttention))
    {
        Config = config;
        if (config is { NormEps: { } eps, HasWideNorms: false }) (QNorm, KNorm) = (new RmsNorm(config.HeadDim, eps), new RmsNorm(config.HeadDim, eps));
        RegisterComponents();
    }

    /// <summary>What the attention was made from: another of the same sizes is made from it, too.</summary>
    public AttentionConfig Config { get; }

    /// <summary>The number of query heads.</summary>
    [Axis(Shard.Tensor, Config = "num_attention_heads")]
    public int Heads => Config.Heads;

    /// <summary>The number of key and value heads.</summary>
    [Axis(Follows = nameof(Heads), Config = "num_key_value_heads")]
    public int KvHeads => Config.KvHeads;

    /// <summary>The width of a head.</summary>
    public int HeadDim => Config.HeadDim;

    /// <summary>Half the width of a head.</summary>
    [Axis]
    public int Half => HeadDim / 2;

    /// <summary>The width of the residual stream.</summary>
    [Axis]
    public int Hidden => Config.Hidden;

    /// <summary>Whether queries, keys and values have biases.</summary>
    public bool HasBias => Config.HasBias;

    /// <summary>The width of the output's bias, which the first tensor-parallel rank has, so that a sum over ranks has it once.</summary>
    [Axis(Shard.FirstTensorRank)]
    public int BiasHidden => Hidden;

    /// <summary>Whether the output projection has a bias.</summary>
    public bool HasOutputBias => Config.HasOutputBias;

    /// <summary>Query, key and value projections, [(q: heads pair half + k: kv_heads pair half + v: kv_heads pair half) hidden].</summary>
    [Parameter("(q: heads pair half + k: kv_heads pair half + v: kv_heads pair half) hidden")]
    [FromCheckpoint("q_proj.weight", "(heads pair half) hidden", Part = "q")]
    [FromCheckpoint("k_proj.weight", "(kv_heads pair half) hidden", Part = "k")]
    [FromCheckpoint("v_proj.weight", "(kv_heads pair half) hidden", Part = "v")]
    [FromCheckpoint("attn_q.weight", "(heads pair half) hidden", Part = "q", Format = "gguf")]
    [FromCheckpoint("attn_k.weight", "(kv_heads pair half) hidden", Part = "k", Format = "gguf")]
    [FromCheckpoint("attn_v.weight", "(kv_heads pair half) hidden", Part = "v", Format = "gguf")]
    [FromCheckpoint("attn_q.weight", "(heads half pair) hidden", Part = "q", Format = "gguf-llama")]
    [FromCheckpoint("attn_k.weight", "(kv_heads half pair) hidden", Part = "k", Format = "gguf-llama")]
    [FromCheckpoint("attn_v.weight", "(kv_heads pair half) hidden", Part = "v", Format = "gguf-llama")]
    [FromCheckpoint("q_proj.weight", "(heads pair half) hidden", Part = "q", Encoding = typeof(Fp8Block128), Format = "fp8")]
    [FromCheckpoint("k_proj.weight", "(kv_heads pair half) hidden", Part = "k", Encoding = typeof(Fp8Block128), Format = "fp8")]
    [FromCheckpoint("v_proj.weight", "(kv_heads pair half) hidden", Part = "v", Encoding = typeof(Fp8Block128), Format = "fp8")]
    [FromCheckpoint("q_proj.weight", "(heads pair half) hidden", Part = "q", Encoding = typeof(Fp8), Format = "fp8-tensor")]
    [FromCheckpoint("k_proj.weight", "(kv_heads pair half) hidden", Part = "k", Encoding = typeof(Fp8), Format = "fp8-tensor")]
    [FromCheckpoint("v_proj.weight", "(kv_heads pair half) hidden", Part = "v", Encoding = typeof(Fp8), Format = "fp8-tensor")]
    public partial Parameter QkvWeight { get; private set; }

    /// <summary>Their biases, [(q: heads pair half + k: kv_heads pair half + v: kv_heads pair half)], or null.</summary>
    [Parameter("(q: heads pair half + k: kv_heads pair half + v: kv_heads pair half)", When = nameof(HasBias))]
    [FromCheckpoint("q_proj.bias", "(heads pair half)", Part = "q")]
    [FromCheckpoint("k_proj.bias", "(kv_heads pair half)", Part = "k")]
    [FromCheckpoint("v_proj.bias", "(kv_heads pair half)", Part = "v")]
    [FromCheckpoint("attn_q.bias", "(heads pair half)", Part = "q", Format = "gguf")]
    [FromCheckpoint("attn_k.bias", "(kv_heads pair half)", Part = "k", Format = "gguf")]
    [FromCheckpoint("attn_v.bias", "(kv_heads pair half)", Part = "v", Format = "gguf")]
    [FromCheckpoint("attn_q.bias", "(heads half pair)", Part = "q", Format = "gguf-llama")]
    [FromCheckpoint("attn_k.bias", "(kv_heads half pair)", Part = "k", Format = "gguf-llama")]
    [FromCheckpoint("attn_v.bias", "(kv_heads pair half)", Part = "v", Format = "gguf-llama")]
    public partial Parameter? QkvBias { get; private set; }

    /// <summary>The output projection, [hidden (heads pair half)].</summary>
    [Parameter("hidden (heads pair half)")]
    [FromCheckpoint("o_proj.weight", "hidden (heads pair half)")]
    [FromCheckpoint("attn_output.weight", "hidden (heads pair half)", Format = "gguf")]
    [FromCheckpoint("o_proj.weight", "hidden (heads pair half)", Encoding = typeof(Fp8Block128), Format = "fp8")]
    [FromCheckpoint("o_proj.weight", "hidden (heads pair half)", Encoding = typeof(Fp8), Format = "fp8-tensor")]
    public partial Parameter OWeight { get; private set; }

    /// <summary>Its bias, [bias_hidden], or null.</summary>
    [Parameter("bias_hidden", When = nameof(HasOutputBias))]
    [FromCheckpoint("o_proj.bias", "bias_hidden")]
    [FromCheckpoint("attn_output.bias", "bias_hidden", Format = "gguf")]
    public partial Parameter? OBias { get; private set; }

    /// <summary>Whether each head has a score that nothing stands behind.</summary>
    public bool HasSinks => Config.HasSinks;

    /// <summary>That score of each head, [heads], or null.</summary>
    [Parameter("heads", When = nameof(HasSinks))]
    [FromCheckpoint("sinks", "heads")]
    [FromCheckpoint("attn_sinks.weight", "heads", Format = "gguf")]
    public partial Parameter? Sinks { get; private set; }

    /// <summary>Whether all query heads are normalised together, and all key heads.</summary>
    public bool HasWideNorms => Config is { NormEps: not null, HasWideNorms: true };

    /// <summary>The weight of the norm of all query heads together, [heads pair half], or null.</summary>
    [Parameter("(heads pair half)", When = nameof(HasWideNorms))]
    [FromCheckpoint("q_norm.weight", "(heads pair half)", Cast = true)]
    public partial Parameter? QNormWeight { get; private set; }

    /// <summary>The weight of the norm of all key heads together, [kv_heads pair half], or null.</summary>
    [Parameter("(kv_heads pair half)", When = nameof(HasWideNorms))]
    [FromCheckpoint("k_norm.weight", "(kv_heads pair half)", Cast = true)]
    public partial Parameter? KNormWeight { get; private set; }

    // Whether each head is normalised by itself.
    private bool HasNorms => Config is { NormEps: not null, HasWideNorms: false };

    /// <summary>The norm of each query head, or null.</summary>
    [CheckpointName("q_norm"), CheckpointName("attn_q_norm", Format = "gguf")]
    [Child(typeof(RmsNorm), Axes = "hidden = (pair half)", When = nameof(HasNorms))]
    public Module<Tensor, Tensor>? QNorm { get; private set; }

    /// <summary>The norm of each key head, or null.</summary>
    [CheckpointName("k_norm"), CheckpointName("attn_k_norm", Format = "gguf")]
    [Child(typeof(RmsNorm), Axes = "hidden = (pair half)", When = nameof(HasNorms))]
    public Module<Tensor, Tensor>? KNorm { get; private set; }

    /// <summary>Runs the attention: softmax(q k^T / sqrt(head_dim)) v, masked to what lies before.</summary>
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
        var (queries, keys) = (Parameters.Held("heads").Length, Parameters.Held("kv_heads").Length);

        // Linear here and everywhere: where shapes do not fit, torch.matmul ends the process.
        var heads = Qkv(hidden).view(batch, sequence, queries + (2 * keys), HeadDim);
        var query = Turned(Normed(heads.narrow(2, 0, queries), QNorm, QNormWeight, "heads"), positions);
        var key = Turned(Normed(heads.narrow(2, queries, keys), KNorm, KNormWeight, "kv_heads"), positions);
        var value = heads.narrow(2, queries + keys, keys).transpose(1, 2);
        (key, value) = CausalAttention.Extended(key, value, positions, state);
        var reads = Parameters.Reads("heads", "kv_heads");
        var attended = Sinks is { } sinks
            ? CausalAttention.Joined(PlainAttention.Of(query, KeyHeads.ForEachQuery(key, reads), KeyHeads.ForEachQuery(value, reads), 1 / Math.Sqrt(HeadDim), positions.Seen(Config.Window), sinks))
            : CausalAttention.Attend(query, key, value, reads, positions.Mask(Config.Window));
        return Ranks.Sum(Parameters, Output(attended)).MoveToOuterDisposeScope();
    }

    /// <summary>The projections: what a class that derives from this one may compute otherwise, of the same map.</summary>
    /// <param name="hidden">[batch sequence hidden]</param>
    /// <returns>[batch sequence (q: heads head_dim + k: kv_heads head_dim + v: kv_heads head_dim)], of the heads what the rank holds.</returns>
    protected virtual Tensor Qkv(Tensor hidden) => Parameters.QkvWeight.Linear(hidden, QkvBias);

    /// <summary>The output projection, which a class that derives from this one may compute otherwise.</summary>
    /// <param name="attended">[batch sequence (heads head_dim)], of the heads what the rank holds.</param>
    /// <returns>[batch sequence hidden]: this rank's part of the sum.</returns>
    protected virtual Tensor Output(Tensor attended) => Parameters.OWeight.Linear(attended, OBias);

    /// <summary>Normalises each head by itself, all of them together, or not at all. Source of the second: transformers, <c>modeling_minimax_m2.py</c>, <c>MiniMaxM2Attention</c>.</summary>
    private Tensor Normed(Tensor heads, Module<Tensor, Tensor>? each, Tensor? together, string axis)
    {
        if (each is not null) return each.call(heads);
        if (together is null) return heads;
        var wide = heads.to(ScalarType.Float32);
        var squares = Ranks.SumOverHeads(Parameters, axis, (wide * wide).sum(-1)).unsqueeze(-1);
        var size = (axis == "heads" ? Heads : KvHeads) * HeadDim;
        return (wide * squares.Over(size).Plus(Config.NormEps!.Value).rsqrt()).to(heads.dtype) * together.view(heads.shape[2], HeadDim);
    }

    /// <summary>[batch sequence heads head_dim] to [batch heads sequence head_dim], turned.</summary>
    private Tensor Turned(Tensor heads, Positions positions) =>
        (Config.Rotary is { } rotary ? RotaryEmbedding.Turn(heads, positions.Of(rotary)) : heads).transpose(1, 2);
}
