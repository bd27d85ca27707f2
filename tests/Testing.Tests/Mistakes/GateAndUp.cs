using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Testing.Tests.Mistakes;

/// <summary>Gate and up merged, of which the forward pass takes one for the other: nothing that is loaded or exported tells.</summary>
[ParameterModule]
public sealed partial class GateAndUp : Module<Tensor, Tensor>
{
    private readonly bool _exchanged;

    [Axis("gate", "up")] private const int Proj = 2;

    public GateAndUp(bool exchanged, Topology? topology = null)
        : base(nameof(GateAndUp))
    {
        _exchanged = exchanged;
        CreateParameters(topology);
        RegisterComponents();
    }

    [Axis(Shard.Tensor)] public int Intermediate => 6;

    [Axis] public int Hidden => 5;

    [Parameter("(proj intermediate) hidden")]
    [FromCheckpoint("{proj}_proj.weight", "intermediate hidden")]
    public partial Parameter Weight { get; private set; }

    /// <summary>[tokens hidden] to [tokens intermediate]</summary>
    public override Tensor forward(Tensor input)
    {
        using var both = functional.linear(input, Weight);
        var halves = both.chunk(2, dim: -1);
        using Tensor gate = halves[_exchanged ? 1 : 0], up = halves[_exchanged ? 0 : 1], opened = functional.silu(gate);
        return opened.mul(up);
    }
}
