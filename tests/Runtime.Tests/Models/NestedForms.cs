using Lanyard.Published;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Tests.Models;

/// <summary>NF4 with double quantisation and without: what the one reads, the other leaves alone. Beside it what both an encoding and a pattern leave alone.</summary>
[ParameterModule]
[Ignore("*.input_scale")]
public sealed partial class NestedForms : Module
{
    public NestedForms(long rows, long columns)
        : base(nameof(NestedForms))
    {
        (Rows, Columns) = (rows, columns);
        CreateParameters();
        RegisterComponents();
    }

    [Axis] public long Rows { get; }

    [Axis] public long Columns { get; }

    [Parameter("columns rows")]
    [FromCheckpoint("p.weight", "rows columns", Encoding = typeof(Nf4))]
    [FromCheckpoint("p.weight", "rows columns", Encoding = typeof(Nf4Nested), Format = "nested")]
    public partial Parameter Weight { get; private set; }

    [Parameter("columns rows")]
    [FromCheckpoint("q.weight", "rows columns", Encoding = typeof(Fp8))]
    public partial Parameter Other { get; private set; }
}
