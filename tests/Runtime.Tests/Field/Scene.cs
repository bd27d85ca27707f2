using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Tests.Field;

/// <summary>A root that has a <see cref="Tower"/> below a name of its own.</summary>
[ParameterModule]
public sealed partial class Scene : Module<Tensor, Tensor>
{
    public Scene(Topology? topology = null)
        : base(nameof(Scene))
    {
        Text = new Tower(topology);
        RegisterComponents();
    }

    [CheckpointName("policy.text")] public Tower Text { get; }

    public override Tensor forward(Tensor input) => Text.forward(input);
}
