using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Models.Layers;

/// <summary>
/// One layer of most families: attention and a feed-forward block, each added to what went into its norm.
/// Source: transformers, <c>modeling_llama.py</c>, <c>LlamaDecoderLayer</c>.
/// </summary>
[ParameterModule]
public sealed partial class DecoderLayer : Module<Tensor, Positions, IBlockState?, Tensor>
{
    /// <summary>Makes the layer; the values are not initialised.</summary>
    /// <param name="hidden">The width of the residual stream.</param>
    /// <param name="attention">The attention: [batch sequence hidden] to the same.</param>
    /// <param name="mlp">The feed-forward block, or a mixture of experts: [batch sequence hidden] to the same.</param>
    /// <param name="normEps">What is added to the mean square before its root is taken, in both norms.</param>
    /// <param name="normOffset">What is added to the weights of both norms.</param>
    public DecoderLayer(int hidden, Module<Tensor, Positions, IBlockState?, Tensor> attention, Module<Tensor, Tensor> mlp, double normEps, double normOffset = 0)
        : base(nameof(DecoderLayer))
    {
        InputLayernorm = new RmsNorm(hidden, normEps, normOffset);
        SelfAttn = attention;
        PostAttentionLayernorm = new RmsNorm(hidden, normEps, normOffset);
        Mlp = mlp;
        RegisterComponents();
    }

    /// <summary>The norm before attention.</summary>
    [CheckpointName("input_layernorm"), CheckpointName("attn_norm", Format = "gguf")]
    [Child(typeof(RmsNorm))]
    public Module<Tensor, Tensor> InputLayernorm { get; private set; }

    /// <summary>Attention.</summary>
    [CheckpointName("self_attn"), CheckpointName("", Format = "gguf"), CheckpointName("", Format = "gguf-llama")]
    [Child(typeof(GroupedAttention), typeof(LatentAttention))]
    public Module<Tensor, Positions, IBlockState?, Tensor> SelfAttn { get; private set; }

    /// <summary>The norm before the feed-forward block.</summary>
    [CheckpointName("post_attention_layernorm"), CheckpointName("ffn_norm", Format = "gguf")]
    [Child(typeof(RmsNorm))]
    public Module<Tensor, Tensor> PostAttentionLayernorm { get; private set; }

    /// <summary>The feed-forward block.</summary>
    [CheckpointName("mlp"), CheckpointName("block_sparse_moe", Format = "mixtral"), CheckpointName("block_sparse_moe", Format = "mixtral-fp8"), CheckpointName("", Format = "gguf")]
    [Child(typeof(GatedMlp), typeof(SparseMoe), typeof(GroupedMoe))]
    public Module<Tensor, Tensor> Mlp { get; private set; }

    /// <summary>Runs the layer.</summary>
    /// <param name="hidden">[batch sequence hidden]</param>
    /// <param name="positions">Where the tokens stand.</param>
    /// <param name="state">What the attention keeps of the tokens before, or null.</param>
    /// <returns>[batch sequence hidden]</returns>
    /// <exception cref="NotSupportedException">The module holds a slice of one rank, and does not know what the ranks do together.</exception>
    public override Tensor forward(Tensor hidden, Positions positions, IBlockState? state)
    {
        using var scope = NewDisposeScope();
        var between = hidden.Plus(SelfAttn.call(InputLayernorm.call(hidden), positions, state));
        return between.Plus(Mlp.call(PostAttentionLayernorm.call(between))).MoveToOuterDisposeScope();
    }
}
