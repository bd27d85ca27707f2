using Lanyard.Published;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Models.Layers;

/// <summary>
/// A feed-forward block: down(silu(gate(x)) up(x)), without biases, or another activation. Gate and up are one parameter, their outputs divided over tensor-parallel ranks, with zeros where that does not divide, as
/// are the inputs of down. Source: transformers, <c>modeling_qwen2.py</c>, <c>Qwen2MLP</c>.
/// </summary>
[ParameterModule]
public partial class GatedMlp : Module<Tensor, Tensor>
{
    [Axis("gate", "up")]
    private const int Proj = 2;

    /// <summary>Makes the block; the values are not initialised.</summary>
    /// <param name="hidden">The width of the residual stream.</param>
    /// <param name="intermediate">The inner width.</param>
    /// <param name="activation">What is done to the gate; <c>silu</c> by default.</param>
    public GatedMlp(int hidden, int intermediate, Func<Tensor, Tensor>? activation = null)
        : base(nameof(GatedMlp))
    {
        (Hidden, Intermediate) = (hidden, intermediate);
        Activation = activation ?? (static gate => functional.silu(gate));
        RegisterComponents();
    }

    /// <summary>What is done to the gate.</summary>
    public Func<Tensor, Tensor> Activation { get; }

    /// <summary>The inner width.</summary>
    [Axis(Shard.Tensor, Padded = true)]
    public int Intermediate { get; }

    /// <summary>The width of the residual stream.</summary>
    [Axis]
    public int Hidden { get; }

    /// <summary>Gate and up projections, [(proj intermediate) hidden].</summary>
    [Parameter("(proj intermediate) hidden")]
    [FromCheckpoint("{proj}_proj.weight", "intermediate hidden")]
    [FromCheckpoint("ffn_{proj}.weight", "intermediate hidden", Format = "gguf")]
    [FromCheckpoint("{proj}_proj.weight", "intermediate hidden", Encoding = typeof(Fp8Block128), Format = "fp8")]
    public partial Parameter GateUpWeight { get; private set; }

    /// <summary>The down projection, [hidden intermediate].</summary>
    [Parameter("hidden intermediate")]
    [FromCheckpoint("down_proj.weight", "hidden intermediate")]
    [FromCheckpoint("ffn_down.weight", "hidden intermediate", Format = "gguf")]
    [FromCheckpoint("down_proj.weight", "hidden intermediate", Encoding = typeof(Fp8Block128), Format = "fp8")]
    public partial Parameter DownWeight { get; private set; }

    /// <summary>Runs the block.</summary>
    /// <param name="hidden">[... hidden]</param>
    /// <returns>[... hidden]</returns>
    /// <exception cref="NotSupportedException">The module holds a slice of one rank, and does not know what the ranks do together.</exception>
    public override Tensor forward(Tensor hidden)
    {
        using var scope = NewDisposeScope();
        var gateUp = GateUp(hidden).chunk(Proj, dim: -1);
        return Ranks.Sum(Parameters, Down(Activation(gateUp[0]) * gateUp[1])).MoveToOuterDisposeScope();
    }

    /// <summary>Gate and up: what a class that derives from this one may compute otherwise, of the same map.</summary>
    /// <param name="hidden">[... hidden]</param>
    /// <returns>[... (proj intermediate)], of <c>intermediate</c> what the rank holds.</returns>
    protected virtual Tensor GateUp(Tensor hidden) => Parameters.GateUpWeight.Linear(hidden);

    /// <summary>The down projection, which a class that derives from this one may compute otherwise.</summary>
    /// <param name="inner">[... intermediate], what the rank holds.</param>
    /// <returns>[... hidden]: this rank's part of the sum.</returns>
    protected virtual Tensor Down(Tensor inner) => Parameters.DownWeight.Linear(inner);
}
