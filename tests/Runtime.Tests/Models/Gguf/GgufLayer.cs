using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Tests.Models.Gguf;

/// <summary>One layer, dense or a mixture. Its children have no level of their own in GGUF files.</summary>
[ParameterModule]
public sealed partial class GgufLayer : Module<Tensor, Tensor>
{
    public GgufLayer(GgufSizes sizes, bool dense, Topology? topology = null, ScalarType type = ScalarType.Float32)
        : base(nameof(GgufLayer))
    {
        Hidden = sizes.Hidden;
        SelfAttn = new GgufAttention(sizes, topology, type);
        if (dense) Dense = new GgufMlp(sizes, topology, type);
        else Mixture = new GgufExperts(sizes, topology, type);
        CreateParameters(topology, type);
        RegisterComponents();
    }

    [Axis] public int Hidden { get; }

    [Parameter("hidden")]
    [FromCheckpoint("input_layernorm.weight", "hidden")]
    [FromCheckpoint("attn_norm.weight", "hidden", Format = "gguf")]
    public partial Parameter AttnNorm { get; private set; }

    [Parameter("hidden")]
    [FromCheckpoint("post_attention_layernorm.weight", "hidden")]
    [FromCheckpoint("ffn_norm.weight", "hidden", Format = "gguf")]
    public partial Parameter FfnNorm { get; private set; }

    [CheckpointName("", Format = "gguf"), CheckpointName("", Format = "gguf-llama")]
    public GgufAttention SelfAttn { get; }

    [CheckpointName("mlp"), CheckpointName("", Format = "gguf")]
    public GgufMlp? Dense { get; }

    [CheckpointName("mlp"), CheckpointName("", Format = "gguf"), CheckpointName("block_sparse_moe", Format = "mixtral")]
    public GgufExperts? Mixture { get; }

    public override Tensor forward(Tensor input) => SelfAttn.forward(input);
}
