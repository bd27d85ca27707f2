using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Tests.Export;

/// <summary>Two parameters that hold the same elements: which of them an export should write is not known.</summary>
[ParameterModule]
public sealed partial class SharedLayer : Module<Tensor, Tensor>
{
    [Axis] private const int Rows = 3;
    [Axis] private const int Columns = 4;

    public SharedLayer()
        : base(nameof(SharedLayer))
    {
        CreateParameters();
        RegisterComponents();
    }

    [Parameter("rows columns")]
    [FromCheckpoint("weight", "rows columns")]
    public partial Parameter Weight { get; private set; }

    [Parameter("columns rows")]
    [FromCheckpoint("weight", "rows columns")]
    public partial Parameter Transposed { get; private set; }

    public override Tensor forward(Tensor input) => functional.linear(input, Weight);
}
