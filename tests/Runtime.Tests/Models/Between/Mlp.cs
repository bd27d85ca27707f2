using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Tests.Models.Between;

/// <summary>What is loaded.</summary>
[ParameterModule]
public sealed partial class Mlp : Module<Tensor, Tensor>
{
    public Mlp()
        : base(nameof(Mlp)) => CreateParameters();

    [Axis] public int Out => 2;

    [Axis] public int In => 3;

    [Parameter("out in")]
    [FromCheckpoint("up_proj.weight", "out in")]
    public partial Parameter UpWeight { get; private set; }

    public override Tensor forward(Tensor input) => functional.linear(input, UpWeight);
}
