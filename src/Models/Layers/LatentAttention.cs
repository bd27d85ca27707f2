using Lanyard.Published;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Models.Layers;

/// <summary>
/// Latent attention: keys and values of all heads come from one narrow vector for each token, beside which one key is turned. Query heads are divided over tensor-parallel
/// ranks; the latent vectors are on all of them. With kernel layouts queries are taken into the latent space and what they attend to out of it, so that no key or value of
/// a head is ever made. With an indexer a query sees some keys alone.
/// Sources: arXiv 2405.04434; transformers, <c>modeling_deepseek_v3.py</c>, <c>DeepseekV3Attention</c>; <c>modeling_glm_moe_dsa.py</c>, <c>GlmMoeDsaAttention</c>.
/// </summary>
[ParameterModule]
[With("QAWeight|QWeight")]
public sealed partial class LatentAttention : Module<Tensor, Positions, IBlockState?, Tensor>
{
    // The norms of the latent vectors have this one whatever the configuration says, as in transformers.
    private const double LatentEps = 1e-6;

    // What rotation turns together are neighbours in checkpoints, and lie half a width apart here.
    [Axis("first", "second")]
    private const int Pair = 2;

    private readonly LatentConfig _config;
    private readonly RotaryEmbedding _rotary;
    private readonly int _chosenIn;

    /// <summary>Makes the attention; the values are not initialised.</summary>
    /// <param name="config">The configuration.</param>
    /// <param name="rotary">How queries and keys are turned: one object for all layers, so that a pass computes it once.</param>
    /// <param name="indexer">What chooses the keys that a query sees in this layer; null where it sees all, or what an earlier layer chose.</param>
    /// <param name="chosenIn">The layer whose indexer chooses for this one: itself where it has one; negative where it sees all.</param>
    public LatentAttention(LatentConfig config, RotaryEmbedding rotary, Indexer? indexer = null, int chosenIn = -1)
        : base(nameof(LatentAttention))
    {
        (_config, _rotary, Indexer, _chosenIn) = (config, rotary, indexer, chosenIn);
        if (config.QLoraRank is { } rank) QALayernorm = new RmsNorm(rank, LatentEps);
        KvALayernorm = new RmsNorm(config.KvLoraRank, LatentEps);
        RegisterComponents();
    }

    /// <summary>The number of heads.</summary>
    [Axis(Shard.Tensor)]
    public int Heads => _config.Mixture.Decoder.NumAttentionHeads;

    /// <summary>The width of the residual stream.</summary>
    [Axis]
    public int Hidden => _config.Mixture.Decoder.HiddenSize;

    /// <summary>The width of the latent vector of queries; one where they have none.</summary>
    [Axis]
    public int QRank => _config.QLoraRank ?? 1;

    /// <summary>The width of the latent vector of keys and values.</summary>
    [Axis]
    public int KvRank => _config.KvLoraRank;

    /// <summary>The width of the part of a query or key that is not turned.</summary>
    [Axis]
    public int Nope => _config.QkNopeHeadDim;

    /// <summary>Half the width of the part that is turned.</summary>
    [Axis]
    public int Half => _config.QkRopeHeadDim / 2;

    /// <summary>The width of a value.</summary>
    [Axis]
    public int Value => _config.VHeadDim;

    /// <summary>Whether the projections of keys and values are taken apart for kernels.</summary>
    public bool IsAbsorbed => Parameters.HasKernelLayouts;

    /// <summary>Whether queries come from a latent vector.</summary>
    public bool HasQueryLatent => _config.QLoraRank is not null;

    /// <summary>Whether they come from the residual stream.</summary>
    public bool HasNoQueryLatent => !HasQueryLatent;

    /// <summary>What makes the latent vector of queries, [q_rank hidden], or null.</summary>
    [Parameter("q_rank hidden", When = nameof(HasQueryLatent))]
    [FromCheckpoint("q_a_proj.weight", "q_rank hidden")]
    [FromCheckpoint("q_a_proj.weight", "q_rank hidden", Encoding = typeof(Fp8Block128), Format = "fp8")]
    public partial Parameter? QAWeight { get; private set; }

    /// <summary>What makes queries of their latent vector, [(heads (nope + rope: pair half)) q_rank], or null.</summary>
    [Parameter("(heads (nope + rope: pair half)) q_rank", When = nameof(HasQueryLatent))]
    [FromCheckpoint("q_b_proj.weight", "(heads (nope + rope: half pair)) q_rank")]
    [FromCheckpoint("q_b_proj.weight", "(heads (nope + rope: half pair)) q_rank", Encoding = typeof(Fp8Block128), Format = "fp8")]
    public partial Parameter? QBWeight { get; private set; }

    /// <summary>What makes queries of the residual stream, [(heads (nope + rope: pair half)) hidden], or null.</summary>
    [Parameter("(heads (nope + rope: pair half)) hidden", When = nameof(HasNoQueryLatent))]
    [FromCheckpoint("q_proj.weight", "(heads (nope + rope: half pair)) hidden")]
    [FromCheckpoint("q_proj.weight", "(heads (nope + rope: half pair)) hidden", Encoding = typeof(Fp8Block128), Format = "fp8")]
    public partial Parameter? QWeight { get; private set; }

    /// <summary>What makes the latent vector of keys and values, and the key that is turned, [(kv_rank + rope: pair half) hidden].</summary>
    [Parameter("(kv_rank + rope: pair half) hidden")]
    [FromCheckpoint("kv_a_proj_with_mqa.weight", "(kv_rank + rope: half pair) hidden")]
    [FromCheckpoint("kv_a_proj_with_mqa.weight", "(kv_rank + rope: half pair) hidden", Encoding = typeof(Fp8Block128), Format = "fp8")]
    public partial Parameter KvAWeight { get; private set; }

    /// <summary>What makes keys and values of theirs, [(heads (key: nope + value: value)) kv_rank].</summary>
    [Parameter("(heads (key: nope + value: value)) kv_rank")]
    [FromCheckpoint("kv_b_proj.weight", "(heads (key: nope + value: value)) kv_rank")]
    [FromCheckpoint("kv_b_proj.weight", "(heads (key: nope + value: value)) kv_rank", Encoding = typeof(Fp8Block128), Format = "fp8")]
    public partial Parameter KvBWeight { get; private set; }

    /// <summary>What takes queries into the latent space, [heads nope kv_rank]; null without kernel layouts.</summary>
    [Parameter("heads nope kv_rank", When = nameof(IsAbsorbed))]
    public partial Parameter? KeyUp { get; private set; }

    /// <summary>What takes out of it what they attend to, [heads kv_rank value]; null without kernel layouts.</summary>
    [Parameter("heads kv_rank value", When = nameof(IsAbsorbed))]
    public partial Parameter? ValueUp { get; private set; }

    /// <summary>The output projection, [hidden (heads value)].</summary>
    [Parameter("hidden (heads value)")]
    [FromCheckpoint("o_proj.weight", "hidden (heads value)")]
    [FromCheckpoint("o_proj.weight", "hidden (heads value)", Encoding = typeof(Fp8Block128), Format = "fp8")]
    public partial Parameter OWeight { get; private set; }

    /// <summary>The norm of the latent vector of queries, or null.</summary>
    [CheckpointName("q_a_layernorm")]
    [Child(typeof(RmsNorm), Axes = "hidden = q_rank", When = nameof(HasQueryLatent))]
    public Module<Tensor, Tensor>? QALayernorm { get; private set; }

    /// <summary>The norm of the latent vector of keys and values.</summary>
    [CheckpointName("kv_a_layernorm")]
    [Child(typeof(RmsNorm), Axes = "hidden = kv_rank")]
    public Module<Tensor, Tensor> KvALayernorm { get; private set; }

    /// <summary>What chooses the keys that a query sees in this layer, or null.</summary>
    [CheckpointName("indexer")]
    [Child(typeof(Indexer), Axes = "heads = ?")]
    public Module<Tensor, Tensor, Positions, IBlockState?, Tensor>? Indexer { get; private set; }

    /// <summary>Runs the attention.</summary>
    /// <param name="hidden">[batch sequence hidden]</param>
    /// <param name="positions">Where the tokens stand.</param>
    /// <param name="state">The latent vectors and turned keys of the tokens before, [batch tokens (kv_rank + rope)], and an indexer's keys, or null.</param>
    /// <returns>[batch sequence hidden]</returns>
    /// <exception cref="ArgumentException">The tokens do not begin at position 0, and there is no state with those before.</exception>
    /// <exception cref="NotSupportedException">The module holds a slice of one rank, and does not know what the ranks do together.</exception>
    public override Tensor forward(Tensor hidden, Positions positions, IBlockState? state)
    {
        using var scope = NewDisposeScope();
        var (batch, sequence, heads, turned) = (hidden.shape[0], hidden.shape[1], Parameters.Held("heads").Length, 2 * Half);
        var parts = Parameters.KvAWeight.Linear(hidden).split([KvRank, turned], -1);
        var queryLatent = HasQueryLatent ? QALayernorm!.call(Parameters.QAWeight.Linear(hidden)) : hidden;
        var rotation = positions.Of(_rotary);
        var query = (HasQueryLatent ? Parameters.QBWeight.Linear(queryLatent) : Parameters.QWeight.Linear(queryLatent)).view(batch, sequence, heads, Nope + turned);
        var (plain, rotated) = (query.narrow(-1, 0, Nope), RotaryEmbedding.Turn(query.narrow(-1, Nope, turned), rotation));
        var key = RotaryEmbedding.Turn(parts[1].unsqueeze(2), rotation).squeeze(2);
        var kept = cat([KvALayernorm.call(parts[0]), key], -1);
        if (state is not null) kept = state.Extend("latent", kept, 1);
        CausalAttention.Require(kept.unsqueeze(1), positions);
        if (Indexer is not null) positions.Leave(("keys chosen in layer", _chosenIn), Indexer.call(hidden, queryLatent, positions, state));
        var seen = _chosenIn < 0 ? positions.Seen() : positions.Left(("keys chosen in layer", _chosenIn))[0].unsqueeze(1);
        var scale = Scale();
        var attended = KeyUp is { } keyUp && ValueUp is { } valueUp
            ? Absorbed(plain, rotated, kept, seen, scale, keyUp, valueUp)
            : Expanded(plain, rotated, kept, seen, scale);
        return Ranks.Sum(Parameters, Parameters.OWeight.Linear(attended.reshape(batch, sequence, heads * Value))).MoveToOuterDisposeScope();
    }

    /// <summary>Makes what the absorbed form multiplies with.</summary>
    [PostLoad]
    private void Absorb()
    {
        if (!IsAbsorbed) return;
        using var scope = NewDisposeScope();
        var parts = KvBWeight.view(-1, Nope + Value, KvRank).split([Nope, Value], 1);
        (KeyUp, ValueUp) = (Own(parts[0]), Own(parts[1].transpose(1, 2)));

        // Not contiguous(): of a single head it would be the memory of the projection itself.
        static Parameter Own(Tensor part) => new(empty(part.shape, part.dtype, part.device).copy_(part).MoveToOuterDisposeScope(), requires_grad: false);
    }

    /// <summary>All heads share the latent vectors as their keys and values. [batch sequence heads value]</summary>
    private Tensor Absorbed(Tensor plain, Tensor rotated, Tensor kept, Tensor seen, double scale, Tensor keyUp, Tensor valueUp)
    {
        var (batch, sequence, heads) = (plain.shape[0], plain.shape[1], plain.shape[2]);
        var latent = plain.reshape(batch * sequence, heads, Nope).transpose(0, 1).bmm(keyUp).transpose(0, 1).reshape(batch, sequence, heads, KvRank);
        var (query, key) = (cat([latent, rotated], -1).transpose(1, 2), kept.unsqueeze(1));
        var attended = PlainAttention.Of(query, key, key.narrow(-1, 0, KvRank), scale, seen).permute(1, 0, 2, 3).reshape(heads, batch * sequence, KvRank);
        return attended.bmm(valueUp).view(heads, batch, sequence, Value).permute(1, 2, 0, 3);
    }

    /// <summary>Each head has keys and values of its own. [batch sequence heads value]</summary>
    private Tensor Expanded(Tensor plain, Tensor rotated, Tensor kept, Tensor seen, double scale)
    {
        var (batch, total, heads) = (plain.shape[0], kept.shape[1], plain.shape[2]);
        var own = Parameters.KvBWeight.Linear(kept.narrow(-1, 0, KvRank)).view(batch, total, heads, Nope + Value).split([Nope, Value], -1);
        var turned = kept.narrow(-1, KvRank, 2 * Half).unsqueeze(2).expand(batch, total, heads, 2 * Half);
        return PlainAttention.Of(cat([plain, rotated], -1).transpose(1, 2), cat([own[0], turned], -1).transpose(1, 2), own[1].transpose(1, 2), scale, seen).transpose(1, 2);
    }

    // Only some scalings by yarn correct the scores too, and then by the square.
    private double Scale()
    {
        var correction = _config.Mixture.Decoder.RopeScaling is YarnScaling { MScaleAllDim: not 0 } yarn ? yarn.Correction(yarn.MScaleAllDim) : 1;
        return correction * correction / Math.Sqrt(Nope + (2 * Half));
    }
}
