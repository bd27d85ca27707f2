using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Tests.Models.DeepSeek;

/// <summary>A dense feed-forward block, gate and up merged.</summary>
[ParameterModule]
public sealed partial class DeepSeekMlp : Module<Tensor, Tensor>
{
    [Axis("gate", "up")] private const int Proj = 2;

    public DeepSeekMlp(int intermediate, int hidden, Topology? topology = null, ScalarType type = ScalarType.Float32, Device? device = null)
        : base(nameof(DeepSeekMlp))
    {
        (Intermediate, Hidden) = (intermediate, hidden);
        CreateParameters(topology, type, device);
        RegisterComponents();
    }

    [Axis(Shard.Tensor)] public int Intermediate { get; }

    [Axis] public int Hidden { get; }

    [Parameter("(proj intermediate) hidden")]
    [FromCheckpoint("{proj}_proj.weight", "intermediate hidden", Scale = "{proj}_proj.weight_scale_inv", BlockSize = 128)]
    public partial Parameter GateUp { get; private set; }

    [Parameter("hidden intermediate")]
    [FromCheckpoint("down_proj.weight", "hidden intermediate", Scale = "down_proj.weight_scale_inv", BlockSize = 128)]
    public partial Parameter Down { get; private set; }

    public override Tensor forward(Tensor input) => functional.linear(input, GateUp);
}
