using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Tests.Models;

/// <summary>Numbers that are added on the way in: to numbers as they are, to codes, in a kernel layout, and a large one.</summary>
[ParameterModule]
public sealed partial class Shifted : Module
{
    public Shifted(string part, ScalarType type = ScalarType.Float32)
        : base(nameof(Shifted))
    {
        Part = part;
        CreateParameters(type: type);
        RegisterComponents();
    }

    [Axis] public int Rows => 2;

    [Axis] public int Columns => 3;

    public string Part { get; }

    public bool IsPlain => Part == "plain";

    public bool IsScaled => Part == "scaled";

    public bool IsKernel => Part == "kernel";

    public bool IsLarge => Part == "large";

    public bool IsSmall => Part == "small";

    public bool IsCast => Part == "cast";

    [Parameter("rows columns", When = nameof(IsPlain))]
    [FromCheckpoint("plain", "rows columns", Offset = 1)]
    public partial Parameter? Plain { get; private set; }

    [Parameter("rows columns", When = nameof(IsScaled))]
    [FromCheckpoint("scaled", "rows columns", Scale = "scale", Offset = 1)]
    public partial Parameter? Scaled { get; private set; }

    [Parameter("rows columns", When = nameof(IsKernel), Kernel = "columns pad(rows, 4)")]
    [FromCheckpoint("kernel", "rows columns", Offset = -1)]
    public partial Parameter? InKernel { get; private set; }

    [Parameter("rows columns", When = nameof(IsLarge))]
    [FromCheckpoint("large", "rows columns", Offset = 16777218)]
    public partial Parameter? Large { get; private set; }

    [Parameter("rows columns", When = nameof(IsSmall))]
    [FromCheckpoint("small", "rows columns", Offset = -1e-30)]
    public partial Parameter? Small { get; private set; }

    [Parameter("rows columns", When = nameof(IsCast))]
    [FromCheckpoint("cast", "rows columns", Offset = 1, Cast = true)]
    public partial Parameter? Rounded { get; private set; }
}
