using Lanyard.Models.Layers;
using Lanyard.Published;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Models.GptOss;

/// <summary>
/// The routed experts: down((up + 1) gate sigmoid(1.702 gate)), gate and up clamped, with biases. Checkpoints have gate and up row by row in turn, transposed in BF16 and not in MXFP4.
/// Source: transformers, <c>modeling_gpt_oss.py</c>, <c>GptOssExperts</c>.
/// </summary>
[ParameterModule]
public sealed partial class GptOssExperts : Module<Tensor, Tensor, Tensor, Tensor>
{
    // Of the activation, as the source has it.
    internal const double Alpha = 1.702;

    [Axis("gate", "up")]
    private const int Proj = 2;

    private readonly double _limit;

    /// <summary>Makes the experts; the values are not initialised.</summary>
    /// <param name="experts">The number of experts, over all ranks.</param>
    /// <param name="hidden">The width of the residual stream.</param>
    /// <param name="intermediate">The inner width of an expert.</param>
    /// <param name="limit">The largest gate and up.</param>
    public GptOssExperts(int experts, int hidden, int intermediate, double limit)
        : base(nameof(GptOssExperts))
    {
        (Experts, Hidden, Intermediate, _limit) = (experts, hidden, intermediate, limit);
        RegisterComponents();
    }

    /// <summary>The number of experts.</summary>
    [Axis(Shard.Expert)]
    public int Experts { get; }

    /// <summary>The inner width of an expert.</summary>
    [Axis(Shard.Tensor, Padded = true)]
    public int Intermediate { get; }

    /// <summary>The width of the residual stream.</summary>
    [Axis]
    public int Hidden { get; }

    /// <summary>The width of the last bias, which the first tensor-parallel rank has, so that a sum over ranks has it once.</summary>
    [Axis(Shard.FirstTensorRank)]
    public int BiasHidden => Hidden;

    /// <summary>Gate and up projections, [experts (proj intermediate) hidden].</summary>
    [Parameter("experts (proj intermediate) hidden")]
    [FromCheckpoint("gate_up_proj", "experts hidden (intermediate proj)")]
    [FromCheckpoint("gate_up_proj_blocks", "experts (intermediate proj) hidden", Encoding = typeof(Mxfp4GptOss), Format = "mxfp4")]
    public partial Parameter W13Weight { get; private set; }

    /// <summary>Their biases, [experts (proj intermediate)].</summary>
    [Parameter("experts (proj intermediate)")]
    [FromCheckpoint("gate_up_proj_bias", "experts (intermediate proj)")]
    public partial Parameter W13Bias { get; private set; }

    /// <summary>Down projections, [experts hidden intermediate].</summary>
    [Parameter("experts hidden intermediate")]
    [FromCheckpoint("down_proj", "experts intermediate hidden")]
    [FromCheckpoint("down_proj_blocks", "experts hidden intermediate", Encoding = typeof(Mxfp4GptOss), Format = "mxfp4")]
    public partial Parameter W2Weight { get; private set; }

    /// <summary>Their biases, [experts bias_hidden].</summary>
    [Parameter("experts bias_hidden")]
    [FromCheckpoint("down_proj_bias", "experts bias_hidden")]
    public partial Parameter W2Bias { get; private set; }

    /// <summary>Sums, for each token, what its experts make of it.</summary>
    /// <param name="tokens">[tokens hidden]</param>
    /// <param name="chosen">The experts that a token visits, int64, [tokens choices].</param>
    /// <param name="weights">What each of them counts for the token, [tokens choices].</param>
    /// <returns>[tokens hidden]</returns>
    /// <exception cref="NotSupportedException">The module holds a slice of one rank, and does not know what the ranks do together.</exception>
    public override Tensor forward(Tensor tokens, Tensor chosen, Tensor weights)
    {
        var (w13, b13, w2, b2) = (W13Weight, W13Bias, W2Weight, W2Bias);
        return ExpertRun.Sum(Parameters, tokens, chosen, weights, (expert, own) =>
        {
            var gateUp = functional.linear(own, w13.select(0, expert), b13.select(0, expert)).chunk(Proj, dim: -1);
            var limit = Numbers.Full([1], _limit, own.dtype, own.device);
            var (gate, up) = (gateUp[0].minimum(limit), gateUp[1].minimum(limit).maximum(limit.neg()));
            return functional.linear(up.Plus(1) * gate * gate.Times(Alpha).sigmoid(), w2.select(0, expert), b2.select(0, expert));
        });
    }
}
