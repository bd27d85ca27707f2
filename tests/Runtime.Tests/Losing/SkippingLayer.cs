using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Tests.Losing;

/// <summary>A post-load method that does not make what nothing else makes.</summary>
[ParameterModule]
public sealed partial class SkippingLayer : Module
{
    private readonly bool _makes;

    public SkippingLayer(bool makes, bool isGiven = false)
        : base(nameof(SkippingLayer))
    {
        _makes = makes;
        if (isGiven) Doubled = new Parameter(zeros(4), requires_grad: false);
        RegisterComponents();
    }

    [Axis] public int Size => 4;

    [Parameter("size")]
    [FromCheckpoint("weight", "size")]
    public partial Parameter Weight { get; private set; }

    [Parameter("size")]
    public partial Parameter Doubled { get; private set; }

    [PostLoad]
    private void Double()
    {
        if (_makes) Doubled = new Parameter(Weight * 2, requires_grad: false);
    }
}
