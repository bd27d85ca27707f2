using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Testing.Tests.Mistakes;

/// <summary>A post-load method that reads what that of another module has measured: of a refit of that one alone it is not told.</summary>
[ParameterModule]
public sealed partial class NeighbourReader : Module<Tensor, Tensor>
{
    private readonly Neighbour _other;

    public NeighbourReader(Neighbour other)
        : base(nameof(NeighbourReader))
    {
        _other = other;
        RegisterComponents();
    }

    [Axis] public int Out => 4;

    [Axis] public int In => 3;

    [Parameter("out in")]
    [FromCheckpoint("weight", "out in")]
    public partial Parameter Weight { get; private set; }

    [Parameter("out in")]
    public partial Parameter Together { get; private set; }

    public override Tensor forward(Tensor input) => functional.linear(input, Together);

    [PostLoad]
    private void Multiply() => Together = new Parameter(Weight.Times(_other.Largest), requires_grad: false);
}
