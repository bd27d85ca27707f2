using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Tests.Models;

/// <summary>A layer of TorchSharp's own as a child, which nothing could load.</summary>
[ParameterModule]
public sealed partial class WithLinear : Module<Tensor, Tensor>
{
    public WithLinear()
        : base(nameof(WithLinear))
    {
        OProj = Linear(2, 2, hasBias: false);
        CreateParameters();
        RegisterComponents();
    }

    [Axis] public int Hidden { get; } = 2;

    public Linear OProj { get; }

    [Parameter("hidden")]
    [FromCheckpoint("scale", "hidden")]
    public partial Parameter Scale { get; private set; }

    public override Tensor forward(Tensor input) => OProj.forward(input) * Scale;
}
