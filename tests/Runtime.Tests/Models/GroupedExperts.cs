using Lanyard.Published;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Tests.Models;

/// <summary>Fused experts of GPTQ, each with its own numbers of groups, and a matrix stored minus one and transposed.</summary>
[ParameterModule]
public sealed partial class GroupedExperts : Module
{
    public GroupedExperts(long experts, long rows, long columns)
        : base(nameof(GroupedExperts))
    {
        (Experts, Rows, Columns) = (experts, rows, columns);
        CreateParameters();
        RegisterComponents();
    }

    [Axis] public long Experts { get; }

    [Axis] public long Rows { get; }

    [Axis] public long Columns { get; }

    [Parameter("experts columns rows")]
    [FromCheckpoint("p.qweight", "experts rows columns", Encoding = typeof(Gptq4Group32V2))]
    public partial Parameter Weight { get; private set; }

    [Parameter("columns rows")]
    [FromCheckpoint("minus_one", "rows columns", Offset = 1)]
    public partial Parameter MinusOne { get; private set; }
}
