using Lanyard.Models.Layers;
using Lanyard.Published;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Models.DeepseekV4;

/// <summary>The expert of all tokens: w2(silu(w1(x)) w3(x)), gate and up clamped. Source: transformers, <c>modeling_deepseek_v4.py</c>, <c>DeepseekV4MLP</c>.</summary>
[ParameterModule]
public sealed partial class DeepseekV4Mlp : Module<Tensor, Tensor>
{
    private readonly double _limit;

    /// <summary>Makes the expert; the values are not initialised.</summary>
    /// <param name="hidden">The width of the residual stream.</param>
    /// <param name="intermediate">The inner width.</param>
    /// <param name="limit">The largest gate and up.</param>
    public DeepseekV4Mlp(int hidden, int intermediate, double limit)
        : base(nameof(DeepseekV4Mlp))
    {
        (Hidden, Intermediate, _limit) = (hidden, intermediate, limit);
        RegisterComponents();
    }

    /// <summary>The inner width.</summary>
    [Axis(Shard.Tensor, Padded = true)]
    public int Intermediate { get; }

    /// <summary>The width of the residual stream.</summary>
    [Axis]
    public int Hidden { get; }

    /// <summary>Gate and up projections, [(gate: intermediate + up: intermediate) hidden].</summary>
    [Parameter("(gate: intermediate + up: intermediate) hidden")]
    [FromCheckpoint("w1.weight", "intermediate hidden", Part = "gate")]
    [FromCheckpoint("w3.weight", "intermediate hidden", Part = "up")]
    [FromCheckpoint("w1.weight", "intermediate hidden", Part = "gate", Encoding = typeof(Fp8Block128DeepSeekV4), Format = "fp8")]
    [FromCheckpoint("w3.weight", "intermediate hidden", Part = "up", Encoding = typeof(Fp8Block128DeepSeekV4), Format = "fp8")]
    public partial Parameter W13Weight { get; private set; }

    /// <summary>The down projection, [hidden intermediate].</summary>
    [Parameter("hidden intermediate")]
    [FromCheckpoint("w2.weight", "hidden intermediate")]
    [FromCheckpoint("w2.weight", "hidden intermediate", Encoding = typeof(Fp8Block128DeepSeekV4), Format = "fp8")]
    public partial Parameter W2Weight { get; private set; }

    /// <summary>Runs the expert.</summary>
    /// <param name="hidden">[... hidden]</param>
    /// <returns>[... hidden]</returns>
    /// <exception cref="NotSupportedException">The module holds a slice of one rank, and does not know what the ranks do together.</exception>
    public override Tensor forward(Tensor hidden)
    {
        using var scope = NewDisposeScope();
        return Ranks.Sum(Parameters, Parameters.W2Weight.Linear(Gated(Parameters.W13Weight.Linear(hidden), _limit))).MoveToOuterDisposeScope();
    }

    /// <summary>silu(gate) up of both beside each other, gate clamped from above, up from both sides.</summary>
    internal static Tensor Gated(Tensor gateUp, double limit)
    {
        using var scope = NewDisposeScope();
        var parts = gateUp.chunk(2, dim: -1);
        var most = Numbers.Full([1], limit, gateUp.dtype, gateUp.device);
        return (functional.silu(parts[0].minimum(most)) * parts[1].minimum(most).maximum(most.neg())).MoveToOuterDisposeScope();
    }
}
