using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Tests.Export;

/// <summary>Post-load methods one after another on the same parameters, a loaded one and a derived one. One of them does nothing where it is told so.</summary>
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

    /// <summary>Makes the undo give another type than was loaded.</summary>
    public bool WrongType { get; set; }

    /// <summary>Makes the undo assign nothing.</summary>
    public bool Forgets { get; set; }

    /// <summary>What was undone, in order.</summary>
    public List<string> Undone { get; } = [];

    [Parameter("rows columns")]
    [FromCheckpoint("weight", "rows columns")]
    public partial Parameter Weight { get; private set; }

    [Parameter("rows columns")]
    public partial Parameter Derived { get; private set; }

    public override Tensor forward(Tensor input) => functional.linear(input, Weight);

    [PostLoad(Undo = nameof(Unnegate))]
    private void ANegate()
    {
        if (Negates) Weight = new Parameter(-Weight, requires_grad: false);
    }

    [PostLoad(Undo = nameof(Untranspose))]
    private void BTranspose() => Weight = new Parameter(Weight.t().contiguous(), requires_grad: false);

    [PostLoad(Undo = nameof(Unmake))]
    private void CMake() => Derived = new Parameter(Weight.clone(), requires_grad: false);

    [PostLoad(Undo = nameof(Unscale))]
    private void DScale() => Derived = new Parameter(Derived * 2, requires_grad: false);

    private void Unmake()
    {
        Undone.Add("make");
        Derived = new Parameter(torch.zeros(Rows, Columns), requires_grad: false);
    }

    private void Unscale()
    {
        Undone.Add("scale");
        Derived = new Parameter(Derived / 2, requires_grad: false);
    }

    private void Unnegate()
    {
        Undone.Add("negate");
        Weight = new Parameter(-Weight, requires_grad: false);
    }

    private void Untranspose()
    {
        Undone.Add("transpose");
        if (Forgets) return;
        Weight = new Parameter(WrongType ? Weight.t().to_type(ScalarType.Float64) : Weight.t(), requires_grad: false);
    }
}
