using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Tests.Models;

/// <summary>A part that nothing stored fills and a parameter that may stay away, with numbers that some types do not have.</summary>
[ParameterModule]
public sealed partial class DeclaredNumbers : Module
{
    public DeclaredNumbers(ScalarType type, bool isWide = false)
        : base(nameof(DeclaredNumbers))
    {
        IsWide = isWide;
        CreateParameters(type: type);
        RegisterComponents();
    }

    [Axis] public int Rows => 2;

    [Axis] public int Rest => 3;

    public bool IsWide { get; }

    public bool IsNarrow => !IsWide;

    [Parameter("(rows + rest)", When = nameof(IsNarrow))]
    [FromCheckpoint("bias", "rows")]
    [Constant("rest", 0.1)]
    public partial Parameter? Bias { get; private set; }

    [Parameter("rows", Absent = 257, When = nameof(IsNarrow))]
    [FromCheckpoint("scale", "rows")]
    public partial Parameter? Scale { get; private set; }

    [Parameter("(rows + rest)", When = nameof(IsWide))]
    [FromCheckpoint("bias", "rows", Cast = true)]
    [Constant("rest", 0.1)]
    public partial Parameter? RoundedBias { get; private set; }

    [Parameter("rows", Absent = 257, When = nameof(IsWide))]
    [FromCheckpoint("scale", "rows", Cast = true)]
    public partial Parameter? RoundedScale { get; private set; }
}
