using Lanyard.Published;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Models.Layers;

/// <summary>
/// Chooses the keys that each query sees: those with the largest sums over heads of relu(query key), weighted by what the token says of each head. All tensor-parallel ranks
/// choose the same, each by itself. Of keys with equal scores the first are taken.
/// Source: transformers, <c>modeling_glm_moe_dsa.py</c>, <c>GlmMoeDsaIndexer</c>.
/// </summary>
[ParameterModule]
public sealed partial class Indexer : Module<Tensor, Tensor, Positions, IBlockState?, Tensor>
{
    private const double NormEps = 1e-6;

    private readonly IndexerConfig _config;
    private readonly LatentConfig _around;
    private readonly RotaryEmbedding _rotary;

    /// <summary>Makes the indexer; the values are not initialised.</summary>
    /// <param name="config">The configuration of the indexer.</param>
    /// <param name="around">That of the attention around it.</param>
    /// <param name="rotary">How queries and keys are turned.</param>
    public Indexer(IndexerConfig config, LatentConfig around, RotaryEmbedding rotary)
        : base(nameof(Indexer))
    {
        (_config, _around, _rotary) = (config, around, rotary);
        KNorm = new LayerNorm(config.IndexHeadDim, NormEps);
        RegisterComponents();
    }

    /// <summary>The number of heads.</summary>
    [Axis]
    public int Heads => _config.IndexNHeads;

    /// <summary>The width of a head.</summary>
    [Axis]
    public int HeadDim => _config.IndexHeadDim;

    /// <summary>The width of the residual stream.</summary>
    [Axis]
    public int Hidden => _around.Mixture.Decoder.HiddenSize;

    /// <summary>The width of the latent vector of queries.</summary>
    [Axis]
    public int QRank => _around.QLoraRank ?? 1;

    /// <summary>What makes the queries, [(heads head_dim) q_rank].</summary>
    [Parameter("(heads head_dim) q_rank")]
    [FromCheckpoint("wq_b.weight", "(heads head_dim) q_rank")]
    [FromCheckpoint("wq_b.weight", "(heads head_dim) q_rank", Encoding = typeof(Fp8Block128), Format = "fp8")]
    public partial Parameter WqB { get; private set; }

    /// <summary>What makes the keys, [head_dim hidden].</summary>
    [Parameter("head_dim hidden")]
    [FromCheckpoint("wk.weight", "head_dim hidden")]
    [FromCheckpoint("wk.weight", "head_dim hidden", Encoding = typeof(Fp8Block128), Format = "fp8")]
    public partial Parameter Wk { get; private set; }

    /// <summary>What says how much each head counts, [heads hidden].</summary>
    [Parameter("heads hidden")]
    [FromCheckpoint("weights_proj.weight", "heads hidden", Cast = true)]
    public partial Parameter WeightsProj { get; private set; }

    /// <summary>The norm of the keys.</summary>
    [CheckpointName("k_norm")]
    [Child(typeof(LayerNorm), Axes = "hidden = head_dim")]
    public Module<Tensor, Tensor> KNorm { get; private set; }

    /// <summary>Chooses.</summary>
    /// <param name="hidden">[batch sequence hidden]</param>
    /// <param name="queryLatent">The latent vector of queries, after its norm, [batch sequence q_rank].</param>
    /// <param name="positions">Where the tokens stand.</param>
    /// <param name="state">The keys of the tokens before, [batch tokens head_dim], or null.</param>
    /// <returns>Which keys a query sees, bool, [batch sequence total]: none after its own.</returns>
    public override Tensor forward(Tensor hidden, Tensor queryLatent, Positions positions, IBlockState? state)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var (batch, sequence) = (hidden.shape[0], hidden.shape[1]);
        var rotation = positions.Of(_rotary);
        var query = Turned(Parameters.WqB.Linear(queryLatent).view(batch, sequence, Heads, HeadDim));
        var key = Turned(KNorm.call(Parameters.Wk.Linear(hidden)).unsqueeze(2)).squeeze(2);
        if (state is not null) key = state.Extend("index_key", key, 1);
        var scores = IndexScores.Of(query, key, Parameters.WeightsProj.Linear(hidden));
        var seen = positions.Seen();
        var count = Math.Min(_config.IndexTopk, positions.Total);
        return LargestScores.Of(scores.FilledWhere(seen.logical_not(), double.NegativeInfinity), count).logical_and(seen).MoveToOuterDisposeScope();

        Tensor Turned(Tensor heads)
        {
            var turned = heads.narrow(-1, 0, _around.QkRopeHeadDim);

            // Neighbours come to lie half a width apart; queries and keys alike, so that their products stay.
            if (_config.TurnsNeighbours) turned = turned.reshape(turned.shape[0], turned.shape[1], turned.shape[2], _around.QkRopeHeadDim / 2, 2).transpose(3, 4).reshape(turned.shape);
            return cat([RotaryEmbedding.Turn(turned, rotation), heads.narrow(-1, _around.QkRopeHeadDim, HeadDim - _around.QkRopeHeadDim)], -1);
        }
    }
}
