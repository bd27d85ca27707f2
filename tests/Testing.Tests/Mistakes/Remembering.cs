using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Testing.Tests.Mistakes;

/// <summary>A post-load method that makes what it does of what was there before.</summary>
[ParameterModule]
public sealed partial class Remembering : Module<Tensor, Tensor>
{
    private double _largest;

    public Remembering()
        : base(nameof(Remembering))
    {
        CreateParameters();
        RegisterComponents();
    }

    [Axis] public int Out => 4;

    [Axis] public int In => 3;

    [Parameter("out in")]
    [FromCheckpoint("weight", "out in")]
    public partial Parameter Weight { get; private set; }

    [Parameter("out in")]
    public partial Parameter Scaled { get; private set; }

    public override Tensor forward(Tensor input) => functional.linear(input, Scaled);

    [PostLoad]
    private void Scale()
    {
        using var largest = Weight.max();
        _largest = Math.Max(_largest, largest.ReadDouble());
        Scaled = new Parameter(Weight.Over(_largest), requires_grad: false);
    }
}
