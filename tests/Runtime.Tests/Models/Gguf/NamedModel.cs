using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Tests.Models.Gguf;

/// <summary>The same model under the names that transformers gives.</summary>
[ParameterModule]
public sealed partial class NamedModel : Module<Tensor, Tensor>
{
    public NamedModel(GgufSizes sizes, Topology? topology = null, ScalarType type = ScalarType.Float32, int denseLayers = 0)
        : base(nameof(NamedModel))
    {
        (Vocab, Hidden) = (sizes.Vocab, sizes.Hidden);
        Layers = new ModuleList<GgufLayer>([.. Enumerable.Range(0, sizes.Layers).Select(i => new GgufLayer(sizes, sizes.Experts == 0 || i < denseLayers, topology, type))]);
        CreateParameters(topology, type);
        RegisterComponents();
    }

    [Axis] public int Vocab { get; }

    [Axis] public int Hidden { get; }

    [Parameter("vocab hidden")]
    [FromCheckpoint("model.embed_tokens.weight", "vocab hidden")]
    public partial Parameter Embedding { get; private set; }

    [CheckpointName("model.layers")] public ModuleList<GgufLayer> Layers { get; }

    [Parameter("hidden")]
    [FromCheckpoint("model.norm.weight", "hidden")]
    public partial Parameter Norm { get; private set; }

    [Parameter("vocab hidden")]
    [FromCheckpoint("lm_head.weight", "vocab hidden")]
    public partial Parameter Head { get; private set; }

    public override Tensor forward(Tensor input) => functional.linear(input, Head);
}
