using Lanyard.Models.Layers;
using Lanyard.Published;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Models.DeepseekV4;

/// <summary>The routed experts, each as the one of all tokens; published in MXFP4, two numbers in a byte, or in blocks of FP8. Source: transformers, <c>modeling_deepseek_v4.py</c>, <c>DeepseekV4Experts</c>.</summary>
[ParameterModule]
public sealed partial class DeepseekV4Experts : Module<Tensor, Tensor, Tensor, Tensor>
{
    private readonly double _limit;

    /// <summary>Makes the experts; the values are not initialised.</summary>
    /// <param name="experts">The number of experts, over all ranks.</param>
    /// <param name="hidden">The width of the residual stream.</param>
    /// <param name="intermediate">The inner width of an expert.</param>
    /// <param name="limit">The largest gate and up.</param>
    public DeepseekV4Experts(int experts, int hidden, int intermediate, double limit)
        : base(nameof(DeepseekV4Experts))
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

    /// <summary>Gate and up projections, [experts (gate: intermediate + up: intermediate) hidden].</summary>
    [Parameter("experts (gate: intermediate + up: intermediate) hidden")]
    [FromCheckpoint("{experts}.w1.weight", "intermediate hidden", Part = "gate")]
    [FromCheckpoint("{experts}.w3.weight", "intermediate hidden", Part = "up")]
    [FromCheckpoint("{experts}.w1.weight", "intermediate hidden", Part = "gate", Encoding = typeof(Mxfp4DeepSeekV4), Format = "mxfp4")]
    [FromCheckpoint("{experts}.w3.weight", "intermediate hidden", Part = "up", Encoding = typeof(Mxfp4DeepSeekV4), Format = "mxfp4")]
    [FromCheckpoint("{experts}.w1.weight", "intermediate hidden", Part = "gate", Encoding = typeof(Fp8Block128DeepSeekV4), Format = "fp8")]
    [FromCheckpoint("{experts}.w3.weight", "intermediate hidden", Part = "up", Encoding = typeof(Fp8Block128DeepSeekV4), Format = "fp8")]
    public partial Parameter W13Weight { get; private set; }

    /// <summary>Down projections, [experts hidden intermediate].</summary>
    [Parameter("experts hidden intermediate")]
    [FromCheckpoint("{experts}.w2.weight", "hidden intermediate")]
    [FromCheckpoint("{experts}.w2.weight", "hidden intermediate", Encoding = typeof(Mxfp4DeepSeekV4), Format = "mxfp4")]
    [FromCheckpoint("{experts}.w2.weight", "hidden intermediate", Encoding = typeof(Fp8Block128DeepSeekV4), Format = "fp8")]
    public partial Parameter W2Weight { get; private set; }

    /// <summary>Sums, for each token, what its experts make of it.</summary>
    /// <param name="tokens">[tokens hidden]</param>
    /// <param name="chosen">The experts that a token visits, int64, [tokens choices].</param>
    /// <param name="weights">What each of them counts for the token, [tokens choices].</param>
    /// <returns>[tokens hidden]</returns>
    /// <exception cref="NotSupportedException">The module holds a slice of one rank, and does not know what the ranks do together.</exception>
    public override Tensor forward(Tensor tokens, Tensor chosen, Tensor weights)
    {
        var (w13, w2) = (W13Weight, W2Weight);
        return ExpertRun.Sum(Parameters, tokens, chosen, weights, (expert, own) =>
            functional.linear(DeepseekV4Mlp.Gated(functional.linear(own, w13.select(0, expert)), _limit), w2.select(0, expert)));
    }
}
