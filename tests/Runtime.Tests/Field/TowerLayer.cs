using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Tests.Field;

/// <summary>A layer of <see cref="Tower"/>.</summary>
[ParameterModule]
public sealed partial class TowerLayer : Module<Tensor, Tensor>
{
    public TowerLayer(Topology? topology = null)
        : base(nameof(TowerLayer))
    {
        CreateParameters(topology);
        RegisterComponents();
    }

    [Axis(Shard.Tensor)] public static int Hidden => 2;

    [Parameter("hidden")]
    [FromCheckpoint("x.weight", "hidden")]
    public partial Parameter Weight { get; private set; }

    public override Tensor forward(Tensor input) => input.mul(Weight);
}
