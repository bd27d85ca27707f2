using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Tests.Models.DeepSeek;

/// <summary>The published model; layer 61 is the multi-token-prediction layer, which repeats the embedding and the head.</summary>
[ParameterModule]
[Ignore("model.layers.61.**")]
public sealed partial class DeepSeekV3 : Module<Tensor, Tensor>
{
    public DeepSeekV3(DeepSeekSizes sizes, Topology? topology = null, ScalarType type = ScalarType.Float32, Device? device = null)
        : base(nameof(DeepSeekV3))
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
