using Lanyard.Models.Layers;
using Lanyard.Published;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Models.DeepseekV4;

/// <summary>
/// Chooses the entries that a query sees: those with the largest sums over heads of what their products leave above zero. Every rank has all heads, so that all choose alike. Of equal ones the first are taken.
/// Source: transformers, <c>modeling_deepseek_v4.py</c>, <c>DeepseekV4Indexer</c>.
/// </summary>
[ParameterModule]
public sealed partial class DeepseekV4Indexer : Module<Tensor, Tensor, Positions, IBlockState?, Tensor>
{
    private readonly DeepseekV4Config _config;
    private readonly RotaryEmbedding _rotary;

    /// <summary>Makes the indexer; the values are not initialised.</summary>
    /// <param name="config">The configuration.</param>
    /// <param name="rotary">How queries and entries are turned.</param>
    public DeepseekV4Indexer(DeepseekV4Config config, RotaryEmbedding rotary)
        : base(nameof(DeepseekV4Indexer))
    {
        (_config, _rotary) = (config, rotary);
        Compressor = new DeepseekV4Compressor(config.Decoder.HiddenSize, HeadDim, config.SparseRate, overlaps: true, config.Decoder.RmsNormEps, rotary, "indexer");
        WeightsProj = new ReplicatedLinear(config.Decoder.HiddenSize, Heads);
        RegisterComponents();
    }

    /// <summary>The number of heads.</summary>
    [Axis]
    public int Heads => _config.IndexNHeads;

    /// <summary>The width of a head.</summary>
    [Axis]
    public int HeadDim => _config.IndexHeadDim;

    /// <summary>The width of the latent query.</summary>
    [Axis]
    public int QRank => _config.QLoraRank;

    /// <summary>What makes queries of their latent vector, [(heads head_dim) q_rank].</summary>
    [Parameter("(heads head_dim) q_rank")]
    [FromCheckpoint("wq_b.weight", "(heads head_dim) q_rank")]
    [FromCheckpoint("wq_b.weight", "(heads head_dim) q_rank", Encoding = typeof(Fp8Block128DeepSeekV4), Format = "fp8")]
    public partial Parameter WqBWeight { get; private set; }

    /// <summary>What makes the weights of heads.</summary>
    [Child(typeof(ReplicatedLinear), Axes = "in = hidden, out = heads")]
    public Module<Tensor, Tensor> WeightsProj { get; private set; }

    /// <summary>What makes the entries.</summary>
    public DeepseekV4Compressor Compressor { get; }

    /// <summary>Chooses.</summary>
    /// <param name="hidden">[batch sequence hidden]</param>
    /// <param name="latent">The latent queries, [batch sequence q_rank].</param>
    /// <param name="positions">Where the tokens stand.</param>
    /// <param name="state">What the compressor keeps, or null.</param>
    /// <returns>Which entries a query sees, [batch sequence entries].</returns>
    public override Tensor forward(Tensor hidden, Tensor latent, Positions positions, IBlockState? state)
    {
        using var scope = NewDisposeScope();
        var (batch, sequence) = (hidden.shape[0], hidden.shape[1]);
        var entries = Compressor.call(hidden, positions, state);
        var (count, seen) = (entries.shape[1], WholeWindows.Seen(positions, _config.SparseRate));
        if (count <= _config.IndexTopk) return seen.expand(batch, sequence, count).MoveToOuterDisposeScope();
        var query = TrailingRotary.Turn(Parameters.WqBWeight.Linear(latent).view(batch, sequence, Heads, HeadDim), positions.Of(_rotary));
        var scores = IndexScores.Of(query, entries, WeightsProj.call(hidden));
        return LargestScores.Of(scores.FilledWhere(seen.logical_not(), double.NegativeInfinity), _config.IndexTopk).logical_and(seen).MoveToOuterDisposeScope();
    }
}
