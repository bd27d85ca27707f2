using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Loading.Benchmarks.Models;

/// <summary>One weight of 32 MiB in bfloat16 of which a tensor-parallel rank holds columns: every row is read in part.</summary>
[ParameterModule]
public sealed partial class ColumnLayer : Module
{
    [Axis] private const int Hidden = 4096;

    public ColumnLayer(Topology? topology, ScalarType type)
        : base(nameof(ColumnLayer))
    {
        CreateParameters(topology, type);
        RegisterComponents();
    }

    [Axis(Shard.Tensor)] public int Intermediate => 4096;

    [Parameter("hidden intermediate")]
    [FromCheckpoint("down_proj.weight", "hidden intermediate")]
    public partial Parameter Down { get; private set; }
}
