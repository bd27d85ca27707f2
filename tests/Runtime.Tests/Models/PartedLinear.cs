using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Tests.Models;

/// <summary>Two parts of one parameter that come from the same tensor.</summary>
[ParameterModule]
public sealed partial class PartedLinear : Module<Tensor, Tensor>
{
    public PartedLinear(ScalarType type = ScalarType.Float32)
        : base(nameof(PartedLinear))
    {
        CreateParameters(type: type);
        RegisterComponents();
    }

    [Axis] public int Rows { get; } = 3;

    [Axis] public int In { get; } = 2;

    [Parameter("(a: rows + b: rows) in")]
    [FromCheckpoint("weight", "(rows (a: 1 + c: 1)) in", Part = "a")]
    [FromCheckpoint("weight", "(rows (c: 1 + b: 1)) in", Part = "b")]
    public partial Parameter Weight { get; private set; }

    public override Tensor forward(Tensor input) => functional.linear(input, Weight);
}
