using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Tests.Models.Gguf;

/// <summary>A model under the names of GGUF and under those that transformers gives. The factors of the rotary frequencies are the engine's.</summary>
[ParameterModule]
[Ignore("rope_freqs.weight", Optional = true)]
public sealed partial class GgufModel : Module<Tensor, Tensor>
{
    public GgufModel(GgufSizes sizes, Topology? topology = null, ScalarType type = ScalarType.Float32, int denseLayers = 0)
        : base(nameof(GgufModel))
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
    [FromCheckpoint("token_embd.weight", "vocab hidden", Format = "gguf")]
    public partial Parameter Embedding { get; private set; }

    [CheckpointName("model.layers"), CheckpointName("blk", Format = "gguf"), CheckpointName("blk", Format = "gguf-llama")]
    public ModuleList<GgufLayer> Layers { get; }

    [Parameter("hidden")]
    [FromCheckpoint("model.norm.weight", "hidden")]
    [FromCheckpoint("output_norm.weight", "hidden", Format = "gguf")]
    public partial Parameter Norm { get; private set; }

    [Parameter("vocab hidden")]
    [FromCheckpoint("lm_head.weight", "vocab hidden")]
    [FromCheckpoint("output.weight", "vocab hidden", Format = "gguf")]
    public partial Parameter Head { get; private set; }

    public override Tensor forward(Tensor input) => functional.linear(input, Head);
}
