using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Tests.Field;

/// <summary>Three parameters without an axis, each from the tensor of its name.</summary>
[ParameterModule]
public sealed partial class ThreeScalars : Module<Tensor, Tensor>
{
    public ThreeScalars()
        : base(nameof(ThreeScalars))
    {
        CreateParameters();
        RegisterComponents();
    }

    [Parameter("")]
    [FromCheckpoint("a", "")]
    public partial Parameter A { get; private set; }

    [Parameter("")]
    [FromCheckpoint("b", "")]
    public partial Parameter B { get; private set; }

    [Parameter("")]
    [FromCheckpoint("c", "")]
    public partial Parameter C { get; private set; }

    /// <summary>The three values.</summary>
    public float[] Values => [.. new[] { A, B, C }.Select(parameter => parameter.item<float>())];

    public override Tensor forward(Tensor input) => input.mul(A).add(B);
}
