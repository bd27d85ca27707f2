using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Tests.Models.DeepSeek;

/// <summary>The small model of the fixture; layer 3 is its multi-token-prediction layer.</summary>
[ParameterModule]
[Ignore("model.layers.3.**")]
public sealed partial class SmallDeepSeek : Module<Tensor, Tensor>
{
    public SmallDeepSeek(DeepSeekSizes sizes, Topology? topology = null, ScalarType type = ScalarType.Float32, Device? device = null)
        : base(nameof(SmallDeepSeek))
    {
        (Vocab, Hidden) = (sizes.Vocab, sizes.Hidden);
        Layers = new ModuleList<DeepSeekLayer>([.. Enumerable.Range(0, sizes.Layers).Select(i => new DeepSeekLayer(sizes, i < sizes.DenseLayers, topology, type, device))]);
        CreateParameters(topology, type, device);
        RegisterComponents();
    }

    [Axis] public int Vocab { get; }

    [Axis] public int Hidden { get; }

    [Parameter("vocab hidden")]
    [FromCheckpoint("model.embed_tokens.weight", "vocab hidden")]
    public partial Parameter Embedding { get; private set; }

    [CheckpointName("model.layers")] public ModuleList<DeepSeekLayer> Layers { get; }

    [Parameter("hidden")]
    [FromCheckpoint("model.norm.weight", "hidden")]
    public partial Parameter Norm { get; private set; }

    [Parameter("vocab hidden")]
    [FromCheckpoint("lm_head.weight", "vocab hidden")]
    public partial Parameter Head { get; private set; }

    public override Tensor forward(Tensor input) => functional.linear(input, Head);
}
