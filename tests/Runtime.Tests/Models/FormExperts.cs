using Lanyard.Published;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Tests.Models;

/// <summary>Fused experts in any published form, of which a rank holds some, and rows of them.</summary>
[ParameterModule]
public sealed partial class FormExperts : Module
{
    public FormExperts(Topology? topology, long experts, long rows, long columns, ScalarType type)
        : base(nameof(FormExperts))
    {
        (Experts, Rows, Columns) = (experts, rows, columns);
        CreateParameters(topology, type);
        RegisterComponents();
    }

    [Axis(Shard.Expert)] public long Experts { get; }

    [Axis(Shard.Tensor)] public long Rows { get; }

    [Axis] public long Columns { get; }

    [Parameter("rows experts columns")]
    [FromCheckpoint("p", "experts rows columns", Encoding = typeof(Fp8Column), Format = nameof(Fp8Column))]
    [FromCheckpoint("p", "experts rows columns", Encoding = typeof(Fp8Experts), Format = nameof(Fp8Experts))]
    [FromCheckpoint("p", "experts rows columns", Encoding = typeof(Fp8Block128Experts), Format = nameof(Fp8Block128Experts))]
    [FromCheckpoint("p", "experts rows columns", Encoding = typeof(Nvfp4ExpertsTransposed), Format = nameof(Nvfp4ExpertsTransposed))]
    [FromCheckpoint("p", "experts rows columns", Encoding = typeof(Nvfp4Experts), Format = nameof(Nvfp4Experts))]
    public partial Parameter Weight { get; private set; }
}
