using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Testing.Tests.Mistakes;

/// <summary>A class whose parameters nothing brings.</summary>
[ParameterModule]
public sealed partial class Sourceless : Module<Tensor, Tensor>
{
    public Sourceless()
        : base(nameof(Sourceless)) => RegisterComponents();

    [Axis] public int Size => 3;

    [Parameter("size")]
    public partial Parameter Table { get; private set; }

    public override Tensor forward(Tensor input) => input.mul(Table);

    [PostLoad]
    private void Make() => Table = new Parameter(arange(Size, dtype: ScalarType.Float32), requires_grad: false);
}
