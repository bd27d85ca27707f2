using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Tests.Field;

/// <summary>A norm that is stored minus one, and one that is stored as it is.</summary>
[ParameterModule]
public sealed partial class ShiftedNorm : Module
{
    public ShiftedNorm(ScalarType type)
        : base(nameof(ShiftedNorm))
    {
        Hidden = 3;
        CreateParameters(type: type);
        RegisterComponents();
    }

    [Axis] public int Hidden { get; }

    [Parameter("hidden")]
    [FromCheckpoint("norm.weight", "hidden", Offset = 1)]
    public partial Parameter Weight { get; private set; }

    [Parameter("hidden")]
    [FromCheckpoint("beside.weight", "hidden")]
    public partial Parameter Beside { get; private set; }
}
