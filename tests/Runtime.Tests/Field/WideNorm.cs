using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Tests.Field;

/// <summary>The same with a norm of a type of its own.</summary>
[ParameterModule]
public sealed partial class WideNorm : Module
{
    public WideNorm(ScalarType type)
        : base(nameof(WideNorm))
    {
        Hidden = 3;
        CreateParameters(type: type);
        RegisterComponents();
    }

    [Axis] public int Hidden { get; }

    [Parameter("hidden", Type = ScalarType.Float32)]
    [FromCheckpoint("norm.weight", "hidden", Offset = 1)]
    public partial Parameter Weight { get; private set; }

    [Parameter("hidden")]
    [FromCheckpoint("beside.weight", "hidden")]
    public partial Parameter Beside { get; private set; }
}
