using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Tests.Field;

/// <summary>What post-load replaces, in two formats that a square matrix leaves open, beside a bias that may stay away.</summary>
[ParameterModule]
public sealed partial class TogetherMade : Module<Tensor, Tensor>
{
    public TogetherMade()
        : base(nameof(TogetherMade))
    {
        CreateParameters();
        RegisterComponents();
    }

    [Axis] public int Columns => 2;

    [Axis] public int Half => 2;

    [Parameter("(x: half + y: half) columns")]
    [FromCheckpoint("w.x", "half columns", Part = "x")]
    [FromCheckpoint("w.y", "half columns", Part = "y")]
    [FromCheckpoint("w.x", "columns half", Part = "x", Format = "turned")]
    [FromCheckpoint("w.y_t", "columns half", Part = "y", Format = "turned")]
    public partial Parameter Weight { get; private set; }

    [Parameter("(a: half + b: half)", Absent = 2)]
    [FromCheckpoint("b.first", "half", Part = "a")]
    [FromCheckpoint("b.all", "(a: half + b: half)", Format = "turned")]
    [Constant("b", 9, Format = "")]
    public partial Parameter Bias { get; private set; }

    [Parameter("half")]
    [FromCheckpoint("other", "half")]
    public partial Parameter Other { get; private set; }

    [Parameter("(x: half + y: half) columns")]
    public partial Parameter Product { get; private set; }

    public override Tensor forward(Tensor input) => functional.linear(input, Product);

    [PostLoad]
    private void Multiply()
    {
        using var column = Bias.unsqueeze(1);
        Product = new Parameter(Weight.mul(column), requires_grad: false);
    }

    [PostLoad(Undo = nameof(Halve))]
    private void Double() => Weight = new Parameter(Weight.Times(2), requires_grad: false);

    private void Halve() => Weight = new Parameter(Weight.Times(0.5), requires_grad: false);

    [PostLoad(Undo = nameof(Less))]
    private void More() => Bias = new Parameter(Bias.Plus(1), requires_grad: false);

    private void Less() => Bias = new Parameter(Bias.Plus(-1), requires_grad: false);
}
