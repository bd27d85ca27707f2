using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Testing.Tests.Mistakes;

/// <summary>A post-load method that makes something else each time.</summary>
[ParameterModule]
public sealed partial class Counting : Module<Tensor, Tensor>
{
    private int _times;

    public Counting()
        : base(nameof(Counting))
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
    private void Scale() => Scaled = new Parameter(Weight.Times(++_times), requires_grad: false);
}
