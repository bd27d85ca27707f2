using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Loading.Benchmarks.Models;

/// <summary>The routed experts of one layer, 96 MiB in bfloat16, from a file for each expert or from fused and transposed ones.</summary>
[ParameterModule]
public sealed partial class ExpertLayer : Module
{
    [Axis("gate", "up")] private const int Proj = 2;

    public ExpertLayer(Topology? topology, ScalarType type)
        : base(nameof(ExpertLayer))
    {
        CreateParameters(topology, type);
        RegisterComponents();
    }

    [Axis(Shard.Expert)] public int Experts => 16;

    [Axis(Shard.Tensor)] public int Intermediate => 1024;

    [Axis] public int Hidden => 1024;

    [Parameter("experts (proj intermediate) hidden")]
    [FromCheckpoint("{experts}.{proj}_proj.weight", "intermediate hidden")]
    [FromCheckpoint("gate_up_proj", "experts hidden (proj intermediate)", Format = "fused")]
    public partial Parameter GateUp { get; private set; }

    [Parameter("experts hidden intermediate")]
    [FromCheckpoint("{experts}.down_proj.weight", "hidden intermediate")]
    [FromCheckpoint("down_proj", "experts intermediate hidden", Format = "fused")]
    public partial Parameter Down { get; private set; }
}
