using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Tests.Export;

/// <summary>Two post-load methods, one after another on the same parameter. One of them does nothing where it is told so.</summary>
[ParameterModule]
public sealed partial class StackedLayer : Module<Tensor, Tensor>
{
    [Axis] private const int Rows = 3;
    [Axis] private const int Columns = 4;

    public StackedLayer(bool negates = true)
        : base(nameof(StackedLayer))
    {
        Negates = negates;
        CreateParameters();
        RegisterComponents();
    }

    public bool Negates { get; }

    /// <summary>What was undone, in order.</summary>
    public List<string> Undone { get; } = [];

    [Parameter("rows columns")]
    [FromCheckpoint("weight", "rows columns")]
    public partial Parameter Weight { get; private set; }

    public override Tensor forward(Tensor input) => functional.linear(input, Weight);

    [PostLoad(Undo = nameof(Unnegate))]
    private void ANegate()
    {
        if (Negates) Weight = new Parameter(-Weight, requires_grad: false);
    }

    [PostLoad(Undo = nameof(Untranspose))]
    private void BTranspose() => Weight = new Parameter(Weight.t().contiguous(), requires_grad: false);

    private void Unnegate()
    {
        Undone.Add("negate");
        Weight = new Parameter(-Weight, requires_grad: false);
    }

    private void Untranspose()
    {
        Undone.Add("transpose");
        Weight = new Parameter(Weight.t(), requires_grad: false);
    }
}
