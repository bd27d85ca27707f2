using Lanyard.Published;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Tests.Models;

/// <summary>Fused experts whose blocks have an axis of their own, of which a rank holds some, and rows of them.</summary>
[ParameterModule]
public sealed partial class FormBlocks : Module
{
    public FormBlocks(Topology? topology, long experts, long rows, long columns, ScalarType type)
        : base(nameof(FormBlocks))
    {
        (Experts, Rows, Columns) = (experts, rows, columns);
        CreateParameters(topology, type);
        RegisterComponents();
    }

    [Axis(Shard.Expert)] public long Experts { get; }

    [Axis(Shard.Tensor)] public long Rows { get; }

    [Axis] public long Columns { get; }

    [Parameter("rows experts columns")]
    [FromCheckpoint("p_blocks", "experts rows columns", Encoding = typeof(Mxfp4GptOss), Format = nameof(Mxfp4GptOss))]
    public partial Parameter Weight { get; private set; }
}
