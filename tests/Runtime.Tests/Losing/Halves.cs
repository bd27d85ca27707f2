using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Tests.Losing;

/// <summary>Two weights that post-load puts into one piece of memory.</summary>
[ParameterModule]
public sealed partial class Halves : Module<Tensor, Tensor>
{
    private readonly Func<Tensor, Tensor, (Tensor First, Tensor Second)> _made;

    public Halves(Func<Tensor, Tensor, (Tensor First, Tensor Second)> made)
        : base(nameof(Halves))
    {
        _made = made;
        CreateParameters();
    }

    [Axis] public int Size => 1;

    [Parameter("size")]
    [FromCheckpoint("first", "size")]
    public partial Parameter First { get; private set; }

    [Parameter("size")]
    [FromCheckpoint("second", "size")]
    public partial Parameter Second { get; private set; }

    public override Tensor forward(Tensor input) => input * First * Second;

    [PostLoad]
    private void Join()
    {
        var (first, second) = _made(First, Second);
        First = new Parameter(first, requires_grad: false);
        Second = new Parameter(second, requires_grad: false);
    }
}
