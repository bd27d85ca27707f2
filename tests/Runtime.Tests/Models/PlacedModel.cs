using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Tests.Models;

/// <summary>A vocabulary that is rounded up before ranks divide it, and experts that lie where the topology says.</summary>
[ParameterModule]
public sealed partial class PlacedModel : Module<Tensor, Tensor>
{
    public PlacedModel(Topology topology) : base(nameof(PlacedModel))
    {
        CreateParameters(topology, ScalarType.Float32);
        RegisterComponents();
    }

    [Axis(Shard.Tensor, PadTo = 4)] public int Vocab { get; } = 10;

    [Axis(Shard.Expert)] public int Experts { get; } = 5;

    [Axis] public int Hidden { get; } = 3;

    [Parameter("vocab hidden")]
    [FromCheckpoint("embed.weight", "vocab hidden")]
    public partial Parameter Embedding { get; private set; }

    [Parameter("experts hidden")]
    [FromCheckpoint("experts.{experts}.scale", "hidden")]
    public partial Parameter Scales { get; private set; }

    public override Tensor forward(Tensor input) => functional.linear(input, Embedding);
}
