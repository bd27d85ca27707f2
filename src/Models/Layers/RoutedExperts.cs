using Lanyard.Published;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Models.Layers;

/// <summary>
/// The routed experts of a mixture: down(silu(gate(x)) up(x)) each, times the token's weight for it. Experts are divided over expert-parallel ranks, each expert over
/// tensor-parallel ones. Checkpoints have them one by one under either of two spellings, or all in one tensor.
/// Sources: transformers, <c>modeling_mixtral.py</c>, <c>MixtralExperts</c>; <c>modeling_qwen3_moe.py</c>, <c>Qwen3MoeExperts</c>.
/// </summary>
[ParameterModule]
public partial class RoutedExperts : Module<Tensor, Tensor, Tensor, Tensor>
{
    /// <summary>Makes the experts; the values are not initialised.</summary>
    /// <param name="experts">The number of experts, over all ranks.</param>
    /// <param name="hidden">The width of the residual stream.</param>
    /// <param name="intermediate">The inner width of an expert.</param>
    public RoutedExperts(int experts, int hidden, int intermediate)
        : base(nameof(RoutedExperts))
    {
        (Experts, Hidden, Intermediate) = (experts, hidden, intermediate);
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
    [FromCheckpoint("{experts}.gate_proj.weight", "intermediate hidden", Part = "gate")]
    [FromCheckpoint("{experts}.up_proj.weight", "intermediate hidden", Part = "up")]
    [FromCheckpoint("{experts}.w1.weight", "intermediate hidden", Part = "gate", Format = "mixtral")]
    [FromCheckpoint("{experts}.w3.weight", "intermediate hidden", Part = "up", Format = "mixtral")]
    [FromCheckpoint("gate_up_proj", "experts (gate: intermediate + up: intermediate) hidden", Format = "fused")]
    [FromCheckpoint("ffn_gate_exps.weight", "experts intermediate hidden", Part = "gate", Format = "gguf")]
    [FromCheckpoint("ffn_up_exps.weight", "experts intermediate hidden", Part = "up", Format = "gguf")]
    [FromCheckpoint("{experts}.gate_proj.weight", "intermediate hidden", Part = "gate", Encoding = typeof(Fp8Block128), Format = "fp8")]
    [FromCheckpoint("{experts}.up_proj.weight", "intermediate hidden", Part = "up", Encoding = typeof(Fp8Block128), Format = "fp8")]
    [FromCheckpoint("{experts}.w1.weight", "intermediate hidden", Part = "gate", Encoding = typeof(Fp8Block128), Format = "mixtral-fp8")]
    [FromCheckpoint("{experts}.w3.weight", "intermediate hidden", Part = "up", Encoding = typeof(Fp8Block128), Format = "mixtral-fp8")]
    [FromCheckpoint("{experts}.gate_proj.weight", "intermediate hidden", Part = "gate", Encoding = typeof(Nvfp4ModelOpt), Format = "nvfp4")]
    [FromCheckpoint("{experts}.up_proj.weight", "intermediate hidden", Part = "up", Encoding = typeof(Nvfp4ModelOpt), Format = "nvfp4")]
    [FromCheckpoint("{experts}.gate_proj.qweight", "hidden intermediate", Part = "gate", Encoding = typeof(Gptq4Group128), Format = "gptq")]
    [FromCheckpoint("{experts}.up_proj.qweight", "hidden intermediate", Part = "up", Encoding = typeof(Gptq4Group128), Format = "gptq")]
    [FromCheckpoint("{experts}.gate_proj.weight_packed", "intermediate hidden", Part = "gate", Encoding = typeof(Int4Group32), Format = "int4")]
    [FromCheckpoint("{experts}.up_proj.weight_packed", "intermediate hidden", Part = "up", Encoding = typeof(Int4Group32), Format = "int4")]
    public partial Parameter W13Weight { get; private set; }

    /// <summary>Down projections, [experts hidden intermediate].</summary>
    [Parameter("experts hidden intermediate")]
    [FromCheckpoint("{experts}.down_proj.weight", "hidden intermediate")]
    [FromCheckpoint("{experts}.w2.weight", "hidden intermediate", Format = "mixtral")]
    [FromCheckpoint("down_proj", "experts hidden intermediate", Format = "fused")]
    [FromCheckpoint("ffn_down_exps.weight", "experts hidden intermediate", Format = "gguf")]
    [FromCheckpoint("{experts}.down_proj.weight", "hidden intermediate", Encoding = typeof(Fp8Block128), Format = "fp8")]
    [FromCheckpoint("{experts}.w2.weight", "hidden intermediate", Encoding = typeof(Fp8Block128), Format = "mixtral-fp8")]
    [FromCheckpoint("{experts}.down_proj.weight", "hidden intermediate", Encoding = typeof(Nvfp4ModelOpt), Format = "nvfp4")]
    [FromCheckpoint("{experts}.down_proj.qweight", "intermediate hidden", Encoding = typeof(Gptq4Group128), Format = "gptq")]
    [FromCheckpoint("{experts}.down_proj.weight_packed", "hidden intermediate", Encoding = typeof(Int4Group32), Format = "int4")]
    public partial Parameter W2Weight { get; private set; }

    /// <summary>Sums, for each token, what its experts make of it. Tokens are sorted by expert, and an expert without tokens does not run.</summary>
    /// <param name="tokens">[tokens hidden]</param>
    /// <param name="chosen">The experts that a token visits, int64, [tokens choices].</param>
    /// <param name="weights">What each of them counts for the token, [tokens choices].</param>
    /// <returns>[tokens hidden]</returns>
    /// <exception cref="NotSupportedException">The module holds a slice of one rank, and does not know what the ranks do together.</exception>
    public override Tensor forward(Tensor tokens, Tensor chosen, Tensor weights) => ExpertRun.Sum(Parameters, tokens, chosen, weights, Run);

    /// <summary>Runs one expert: what a class that derives from this one may compute otherwise, of the same map.</summary>
    /// <param name="expert">Its place among those of the rank.</param>
    /// <param name="tokens">[tokens hidden], at least one.</param>
    /// <returns>[tokens hidden]: this rank's part of the sum.</returns>
    protected virtual Tensor Run(int expert, Tensor tokens)
    {
        var gateUp = functional.linear(tokens, W13Weight.select(0, expert)).chunk(2, dim: -1);
        return functional.linear(functional.silu(gateUp[0]) * gateUp[1], W2Weight.select(0, expert));
    }
}
