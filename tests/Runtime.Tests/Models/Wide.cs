using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Tests.Models;

/// <summary>One weight that takes some time to move.</summary>
[ParameterModule]
public sealed partial class Wide : Module<Tensor, Tensor>
{
    public Wide(int size)
        : base(nameof(Wide))
    {
        Size = size;
        CreateParameters();
        RegisterComponents();
    }

    [Axis] public int Size { get; }

    [Parameter("size")]
    [FromCheckpoint("weight", "size")]
    public partial Parameter Weight { get; private set; }

    public override Tensor forward(Tensor input) => input * Weight;
}
