using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Tests.Numbers;

/// <summary>A layer so large that reading a tensor of it takes as long as a collection.</summary>
[ParameterModule]
public sealed partial class WideLayer : Module<Tensor, Tensor>
{
    [Axis] public const int Rows = 512;
    [Axis] public const int Columns = 512;

    public WideLayer()
        : base(nameof(WideLayer))
    {
        CreateParameters();
        RegisterComponents();
    }

    [Parameter("rows columns")]
    [FromCheckpoint("weight", "rows columns")]
    public partial Parameter Weight { get; private set; }

    public override Tensor forward(Tensor input) => Parameters.Weight.Linear(input);
}
