using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Loading.Benchmarks.Models;

/// <summary>The weights of one transformer layer, 32 MiB in bfloat16. A tensor-parallel rank holds rows of some and columns of others.</summary>
[ParameterModule]
public sealed partial class DenseLayer : Module
{
    [Axis] private const int Hidden = 1024;

    [Axis("gate", "up")] private const int Proj = 2;

    public DenseLayer(Topology? topology, ScalarType type)
        : base(nameof(DenseLayer))
    {
        CreateParameters(topology, type);
        RegisterComponents();
    }

    [Axis(Shard.Tensor)] public int Heads => 16;

    [Axis] public int HeadDim => 64;

    [Axis(Shard.Tensor)] public int Intermediate => 4096;

    [Parameter("(q: heads head_dim + k: heads head_dim + v: heads head_dim) hidden")]
    [FromCheckpoint("q_proj.weight", "(heads head_dim) hidden", Part = "q")]
    [FromCheckpoint("k_proj.weight", "(heads head_dim) hidden", Part = "k")]
    [FromCheckpoint("v_proj.weight", "(heads head_dim) hidden", Part = "v")]
    public partial Parameter Qkv { get; private set; }

    [Parameter("hidden (heads head_dim)")]
    [FromCheckpoint("o_proj.weight", "hidden (heads head_dim)")]
    public partial Parameter O { get; private set; }

    [Parameter("(proj intermediate) hidden")]
    [FromCheckpoint("{proj}_proj.weight", "intermediate hidden")]
    public partial Parameter GateUp { get; private set; }

    [Parameter("hidden intermediate")]
    [FromCheckpoint("down_proj.weight", "hidden intermediate")]
    public partial Parameter Down { get; private set; }
}
