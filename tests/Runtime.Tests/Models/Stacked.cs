using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Tests.Models;

/// <summary>A weight that comes whole, as it lies in memory, or row by row.</summary>
[ParameterModule]
public sealed partial class Stacked : Module<Tensor, Tensor>
{
    public Stacked()
        : base(nameof(Stacked))
    {
        CreateParameters();
        RegisterComponents();
    }

    [Axis] public int Rows { get; } = 2;

    [Axis] public int Size { get; } = 1 << 20;

    [Parameter("rows size")]
    [FromCheckpoint("weight", "rows size")]
    [FromCheckpoint("{rows}.weight", "size", Format = "rows")]
    public partial Parameter Weight { get; private set; }

    public override Tensor forward(Tensor input) => input * Weight;
}
