using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Testing.Tests.Mistakes;

/// <summary>Leaves all biases alone, its own among them.</summary>
[ParameterModule]
[Ignore("**bias")]
public sealed partial class WideIgnore : Module<Tensor, Tensor>
{
    public WideIgnore()
        : base(nameof(WideIgnore))
    {
        CreateParameters();
        RegisterComponents();
    }

    [Axis] public int Out => 4;

    [Axis] public int In => 3;

    [Parameter("out in")]
    [FromCheckpoint("q_proj.weight", "out in")]
    public partial Parameter Weight { get; private set; }

    public override Tensor forward(Tensor input) => functional.linear(input, Weight);
}
