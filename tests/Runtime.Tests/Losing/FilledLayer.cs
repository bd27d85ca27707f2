using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Tests.Losing;

/// <summary>A layer whose constructor fills its weight in place, as PyTorch's do, and whose sum a post-load method makes.</summary>
[ParameterModule]
public sealed partial class FilledLayer : Module<Tensor, Tensor>
{
    public FilledLayer()
        : base(nameof(FilledLayer))
    {
        init.ones_(Weight);
        RegisterComponents();
    }

    [Axis] public int Size => 3;

    [Parameter("size")]
    [FromCheckpoint("weight", "size")]
    public partial Parameter Weight { get; private set; }

    [Parameter("")]
    public partial Parameter Sum { get; private set; }

    public override Tensor forward(Tensor input) => input * Weight;

    [PostLoad]
    private void Add() => Sum = new Parameter(Weight.sum(), requires_grad: false);
}
