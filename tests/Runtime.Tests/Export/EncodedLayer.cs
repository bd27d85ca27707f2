using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Tests.Export;

/// <summary>Sources whose values change on the way in, and one whose values do not.</summary>
[ParameterModule]
public sealed partial class EncodedLayer : Module<Tensor, Tensor>
{
    [Axis] private const int Rows = 3;
    [Axis] private const int Columns = 4;

    public EncodedLayer()
        : base(nameof(EncodedLayer))
    {
        CreateParameters(null, ScalarType.BFloat16);
        RegisterComponents();
    }

    [Parameter("rows columns")]
    [FromCheckpoint("weight", "rows columns", Scale = "weight_scale")]
    public partial Parameter Weight { get; private set; }

    [Parameter("columns")]
    [FromCheckpoint("norm", "columns", Offset = 1, Cast = true)]
    public partial Parameter Norm { get; private set; }

    [Parameter("rows")]
    [FromCheckpoint("bias", "rows", Cast = true)]
    public partial Parameter Bias { get; private set; }

    [Parameter("columns")]
    [FromCheckpoint("plain", "columns")]
    public partial Parameter Plain { get; private set; }

    public override Tensor forward(Tensor input) => functional.linear(input * Norm, Weight);
}
