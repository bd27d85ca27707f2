using Lanyard.Models.Layers;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Models.Llama4;

/// <summary>
/// A dense feed-forward block, or the shared expert of a mixture: down(silu(gate(x)) up(x)).
/// Source: transformers, <c>modeling_llama4.py</c>, <c>Llama4TextMLP</c>.
/// </summary>
[ParameterModule]
public sealed partial class Llama4Mlp : Module<Tensor, Tensor>
{
    [Axis("gate", "up")]
    private const int Proj = 2;

    /// <summary>Makes the block; the values are not initialised.</summary>
    /// <param name="hidden">The width of the residual stream.</param>
    /// <param name="intermediate">The inner width.</param>
    public Llama4Mlp(int hidden, int intermediate)
        : base(nameof(Llama4Mlp))
    {
        (Hidden, Intermediate) = (hidden, intermediate);
        RegisterComponents();
    }

    /// <summary>The inner width.</summary>
    [Axis(Shard.Tensor)]
    public int Intermediate { get; }

    /// <summary>The width of the residual stream.</summary>
    [Axis]
    public int Hidden { get; }

    /// <summary>Gate and up projections, [(proj intermediate) hidden].</summary>
    [Parameter("(proj intermediate) hidden")]
    [FromCheckpoint("{proj}_proj.weight", "intermediate hidden")]
    public partial Parameter GateUpWeight { get; private set; }

    /// <summary>The down projection, [hidden intermediate].</summary>
    [Parameter("hidden intermediate")]
    [FromCheckpoint("down_proj.weight", "hidden intermediate")]
    public partial Parameter DownWeight { get; private set; }

    /// <summary>Runs the block.</summary>
    /// <param name="hidden">[... hidden]</param>
    /// <returns>[... hidden]</returns>
    /// <exception cref="NotSupportedException">The module holds a slice of one rank.</exception>
    public override Tensor forward(Tensor hidden)
    {
        SingleRank.Require(Parameters);
        using var scope = NewDisposeScope();
        var gateUp = functional.linear(hidden, GateUpWeight).chunk(Proj, dim: -1);
        return functional.linear(functional.silu(gateUp[0]) * gateUp[1], DownWeight).MoveToOuterDisposeScope();
    }
}
