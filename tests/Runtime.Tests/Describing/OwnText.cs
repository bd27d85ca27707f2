using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Tests.Describing;

/// <summary>A class that says itself how it is shown.</summary>
[ParameterModule]
public sealed partial class OwnText : Module<Tensor, Tensor>
{
    public OwnText()
        : base(nameof(OwnText)) => RegisterComponents();

    [Axis] public int Size => 2;

    [Parameter("size")]
    [FromCheckpoint("weight", "size")]
    public partial Parameter Weight { get; private set; }

    public override Tensor forward(Tensor input) => input.mul(Weight);

    public override string ToString() => "my own text";
}
