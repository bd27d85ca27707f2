using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Lanyard.Tests.Describing;

/// <summary>A class whose base says how it is shown.</summary>
[ParameterModule]
public sealed partial class InheritedText : BaseOfText
{
    public InheritedText()
        : base(nameof(InheritedText)) => RegisterComponents();

    [Axis] public int Size => 2;

    [Parameter("size")]
    [FromCheckpoint("weight", "size")]
    public partial Parameter Weight { get; private set; }

    public override Tensor forward(Tensor input) => input.mul(Weight);
}
