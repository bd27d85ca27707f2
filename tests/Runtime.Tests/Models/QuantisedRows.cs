using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Tests.Models;

/// <summary>A weight that is loaded into a declared kernel layout, and made anew in another type by post-load.</summary>
[ParameterModule]
public sealed partial class QuantisedRows : Module<Tensor, Tensor>
{
    public QuantisedRows()
        : base(nameof(QuantisedRows))
    {
        CreateParameters();
        RegisterComponents();
    }

    [Axis] public int Rows { get; } = 3;

    [Axis] public int Size { get; } = 5;

    [Parameter("rows size", Kernel = "rows pad(size, 8)")]
    [FromCheckpoint("weight", "rows size")]
    public partial Parameter Weight { get; private set; }

    public override Tensor forward(Tensor input) => functional.linear(input, Weight);

    [PostLoad(Undo = nameof(Restore))]
    private void Quantise() => Weight = new Parameter((Weight * 2).to_type(ScalarType.Int8), requires_grad: false);

    private void Restore() => Weight = new Parameter(Weight.to_type(ScalarType.Float32) / 2, requires_grad: false);
}
