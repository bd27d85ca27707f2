using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Testing.Tests.Mistakes;

/// <summary>A post-load method that writes to memory of another module.</summary>
[ParameterModule]
public sealed partial class Meddler : Module<Tensor, Tensor>
{
    private readonly Neighbour _other;

    public Meddler(Neighbour other)
        : base(nameof(Meddler))
    {
        _other = other;
        RegisterComponents();
    }

    [Axis] public int In => 3;

    [Parameter("in")]
    [FromCheckpoint("weight", "in")]
    public partial Parameter Weight { get; private set; }

    [Parameter("in")]
    public partial Parameter Copy { get; private set; }

    public override Tensor forward(Tensor input) => input.mul(Copy);

    [PostLoad]
    private void Meddle()
    {
        _ = _other.Memory!.copy_(Weight);
        Copy = new Parameter(Weight.clone(), requires_grad: false);
    }
}
