using Lanyard.Models.Layers;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Models.Qwen2;

/// <summary>
/// One layer: attention and a feed-forward block, each added to what went into its norm.
/// Source: transformers, <c>modeling_qwen2.py</c>, <c>Qwen2DecoderLayer</c>.
/// </summary>
[ParameterModule]
public sealed partial class Qwen2DecoderLayer : Module<Tensor, (Tensor Cos, Tensor Sin), Tensor>
{
    /// <summary>Makes one layer; the values are not initialised.</summary>
    public Qwen2DecoderLayer(Qwen2Config config)
        : base(nameof(Qwen2DecoderLayer))
    {
        InputLayernorm = new RmsNorm(config.HiddenSize, config.RmsNormEps);
        SelfAttn = new GroupedAttention(config.HiddenSize, config.NumAttentionHeads, config.NumKeyValueHeads, config.HeadDim, hasBias: true);
        PostAttentionLayernorm = new RmsNorm(config.HiddenSize, config.RmsNormEps);
        Mlp = new GatedMlp(config.HiddenSize, config.IntermediateSize);
        RegisterComponents();
    }

    /// <summary>The norm before attention.</summary>
    [CheckpointName("input_layernorm"), CheckpointName("attn_norm", Format = "gguf")]
    public RmsNorm InputLayernorm { get; }

    /// <summary>Attention.</summary>
    [CheckpointName("self_attn"), CheckpointName("", Format = "gguf")]
    public GroupedAttention SelfAttn { get; }

    /// <summary>The norm before the feed-forward block.</summary>
    [CheckpointName("post_attention_layernorm"), CheckpointName("ffn_norm", Format = "gguf")]
    public RmsNorm PostAttentionLayernorm { get; }

    /// <summary>The feed-forward block.</summary>
    [CheckpointName("mlp"), CheckpointName("", Format = "gguf")]
    public GatedMlp Mlp { get; }

    /// <summary>Runs the layer.</summary>
    /// <param name="hidden">[batch sequence hidden]</param>
    /// <param name="rotation">Cosines and sines of the positions, [sequence 1 head_dim] each.</param>
    /// <returns>[batch sequence hidden]</returns>
    /// <exception cref="NotSupportedException">The module holds a slice of one rank.</exception>
    public override Tensor forward(Tensor hidden, (Tensor Cos, Tensor Sin) rotation)
    {
        using var scope = NewDisposeScope();
        var between = hidden.Plus(SelfAttn.call(InputLayernorm.call(hidden), rotation));
        return between.Plus(Mlp.call(PostAttentionLayernorm.call(between))).MoveToOuterDisposeScope();
    }
}
