using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Tests.Models.DeepSeek;

/// <summary>Routed experts, stored one by one and merged here.</summary>
[ParameterModule]
public sealed partial class DeepSeekExperts : Module<Tensor, Tensor>
{
    [Axis("gate", "up")] private const int Proj = 2;

    public DeepSeekExperts(DeepSeekSizes sizes, Topology? topology = null, ScalarType type = ScalarType.Float32, Device? device = null)
        : base(nameof(DeepSeekExperts))
    {
        (Experts, Intermediate, Hidden) = (sizes.Experts, sizes.ExpertIntermediate, sizes.Hidden);
        CreateParameters(topology, type, device);
        RegisterComponents();
    }

    [Axis(Shard.Expert)] public int Experts { get; }

    [Axis(Shard.Tensor)] public int Intermediate { get; }

    [Axis] public int Hidden { get; }

    [Parameter("experts (proj intermediate) hidden")]
    [FromCheckpoint("{experts}.{proj}_proj.weight", "intermediate hidden", Scale = "{experts}.{proj}_proj.weight_scale_inv", BlockSize = 128)]
    public partial Parameter W13Weight { get; private set; }

    [Parameter("experts hidden intermediate")]
    [FromCheckpoint("{experts}.down_proj.weight", "hidden intermediate", Scale = "{experts}.down_proj.weight_scale_inv", BlockSize = 128)]
    public partial Parameter W2Weight { get; private set; }

    public override Tensor forward(Tensor input) => functional.linear(input, W13Weight[0]);
}
