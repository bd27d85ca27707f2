using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Tests.Export;

/// <summary>Experts wherever the topology says, in two formats, and a vocabulary that is rounded up, in the model layout and in a declared kernel layout.</summary>
[ParameterModule]
public sealed partial class PlacedLayer : Module<Tensor, Tensor>
{
    public PlacedLayer(Topology? topology = null)
        : base(nameof(PlacedLayer))
    {
        CreateParameters(topology);
        RegisterComponents();
    }

    [Axis(Shard.Expert)] public int Experts => 5;

    [Axis(Shard.Tensor, PadTo = 4)] public int Vocab => 10;

    [Axis] public int Hidden => 3;

    [Parameter("experts hidden")]
    [FromCheckpoint("experts", "hidden experts")]
    [FromCheckpoint("experts.{experts - 1}", "hidden", Format = "per-expert")]
    public partial Parameter Weight { get; private set; }

    [Parameter("hidden vocab")]
    [FromCheckpoint("embed", "vocab hidden")]
    public partial Parameter Embedding { get; private set; }

    [Parameter("vocab hidden", Kernel = "hidden pad(vocab, 8)")]
    [FromCheckpoint("head", "vocab hidden")]
    public partial Parameter Head { get; private set; }

    public override Tensor forward(Tensor input) => input.mm(Embedding);
}
