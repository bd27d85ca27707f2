using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Tests.Export;

/// <summary>A weight that is stored at half its size.</summary>
[ParameterModule]
public sealed partial class BareLayer : Module<Tensor, Tensor>
{
    [Axis] private const int Size = 3;

    public BareLayer()
        : base(nameof(BareLayer))
    {
        CreateParameters();
        RegisterComponents();
    }

    [Parameter("size")]
    [FromCheckpoint("weight", "size", Encoding = typeof(Half))]
    public partial Parameter Weight { get; private set; }

    public override Tensor forward(Tensor input) => input * Weight;

    [Codes("weight", CodeType.Number)]
    [Value("code * 2")]
    public static class Half;
}
