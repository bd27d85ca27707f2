using Lanyard.Models.Layers;
using Lanyard.Published;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Models.NemotronH;

/// <summary>
/// The routed experts: down(relu(up(x))^2) each, times the token's weight for it. Experts are divided over expert-parallel ranks, each expert over tensor-parallel ones.
/// Source: transformers, <c>modeling_nemotron_h.py</c>, <c>NemotronHExperts</c>.
/// </summary>
[ParameterModule]
public sealed partial class NemotronHExperts : Module<Tensor, Tensor, Tensor, Tensor>
{
    /// <summary>Makes the experts; the values are not initialised.</summary>
    /// <param name="experts">The number of experts, over all ranks.</param>
    /// <param name="width">The width of what they are given.</param>
    /// <param name="intermediate">The inner width of an expert.</param>
    public NemotronHExperts(int experts, int width, int intermediate)
        : base(nameof(NemotronHExperts))
    {
        (Experts, Width, Intermediate) = (experts, width, intermediate);
        RegisterComponents();
    }

    /// <summary>The number of experts.</summary>
    [Axis(Shard.Expert)]
    public int Experts { get; }

    /// <summary>The inner width of an expert.</summary>
    [Axis(Shard.Tensor, Padded = true)]
    public int Intermediate { get; }

    /// <summary>The width of what they are given: that of the residual stream, or a narrower one.</summary>
    [Axis]
    public int Width { get; }

    /// <summary>Up projections, [experts intermediate width].</summary>
    [Parameter("experts intermediate width")]
    [FromCheckpoint("{experts}.up_proj.weight", "intermediate width")]
    [FromCheckpoint("{experts}.up_proj.weight", "intermediate width", Encoding = typeof(Nvfp4ModelOpt), Format = "nvfp4")]
    [FromCheckpoint("{experts}.up_proj.weight", "intermediate width", Encoding = typeof(Fp8), Format = "fp8-tensor")]
    public partial Parameter UpWeight { get; private set; }

    /// <summary>Down projections, [experts width intermediate].</summary>
    [Parameter("experts width intermediate")]
    [FromCheckpoint("{experts}.down_proj.weight", "width intermediate")]
    [FromCheckpoint("{experts}.down_proj.weight", "width intermediate", Encoding = typeof(Nvfp4ModelOpt), Format = "nvfp4")]
    [FromCheckpoint("{experts}.down_proj.weight", "width intermediate", Encoding = typeof(Fp8), Format = "fp8-tensor")]
    public partial Parameter DownWeight { get; private set; }

    /// <summary>Sums, for each token, what its experts make of it. Tokens are sorted by expert, and an expert without tokens does not run.</summary>
    /// <param name="tokens">[tokens width]</param>
    /// <param name="chosen">The experts that a token visits, int64, [tokens choices].</param>
    /// <param name="weights">What each of them counts for the token, [tokens choices].</param>
    /// <returns>[tokens width]</returns>
    /// <exception cref="NotSupportedException">The module holds a slice of one rank, and does not know what the ranks do together.</exception>
    public override Tensor forward(Tensor tokens, Tensor chosen, Tensor weights)
    {
        var (ups, downs) = (UpWeight, DownWeight);
        return ExpertRun.Sum(Parameters, tokens, chosen, weights, (expert, own) =>
        {
            var up = functional.linear(own, ups.select(0, expert)).relu();
            return functional.linear(up * up, downs.select(0, expert));
        });
    }
}
