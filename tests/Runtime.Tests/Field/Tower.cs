using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Tests.Field;

/// <summary>Two layers and a head, which files and trainers name in three ways.</summary>
[ParameterModule]
[CheckpointPrefix("language_model.", Convention = "old")]
public sealed partial class Tower : Module<Tensor, Tensor>
{
    public Tower(Topology? topology = null)
        : base(nameof(Tower))
    {
        Layers = [new TowerLayer(topology), new TowerLayer(topology)];
        CreateParameters(topology);
        RegisterComponents();
    }

    [Axis(Shard.Tensor)] public static int Hidden => 2;

    [CheckpointName("model.language_model.layers", Convention = "new")]
    [CheckpointName("model.layers", Convention = "old")]
    [CheckpointName("model.layers", Convention = "text only")]
    public ModuleList<TowerLayer> Layers { get; }

    [Parameter("hidden")]
    [FromCheckpoint("lm_head.weight", "hidden")]
    public partial Parameter LmHead { get; private set; }

    public override Tensor forward(Tensor input) => input.mul(LmHead);
}
