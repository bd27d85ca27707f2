using Lanyard;
using Lanyard.Models.Layers;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Acme.Models;

/// <summary>model.layers.0: attention and a feed-forward block, each added to what went into its norm.</summary>
[ParameterModule]
public sealed partial class FalconLayer : Module<Tensor, Positions, IBlockState?, Tensor>
{
    public FalconLayer(FalconConfig config, RotaryEmbedding rotary) : base(nameof(FalconLayer))
    {
        InputLayernorm = new RmsNorm(config.HiddenSize, config.RmsNormEps);
        SelfAttn = new GroupedAttention(new AttentionConfig
        {
            Hidden = config.HiddenSize,
            Heads = config.NumAttentionHeads,
            KvHeads = config.NumKeyValueHeads,
            HeadDim = config.HeadDim,
            Rotary = rotary,
            HasBias = config.AttentionBias,
            NormEps = config.QueryKeyNorms ? config.RmsNormEps : null,
        });
        PostAttentionLayernorm = new RmsNorm(config.HiddenSize, config.RmsNormEps);
        Mlp = new GatedMlp(config.HiddenSize, config.IntermediateSize);
        RegisterComponents();
    }

    public RmsNorm InputLayernorm { get; }          // model.layers.0.input_layernorm.weight

    public GroupedAttention SelfAttn { get; }       // .self_attn.{q,k,v}_proj.weight and .bias in one parameter each, .o_proj.weight

    public RmsNorm PostAttentionLayernorm { get; }

    public GatedMlp Mlp { get; }                    // .mlp.{gate,up}_proj.weight in one parameter, .down_proj.weight

    /// <summary>The state has the keys and values of the tokens before, where there were any.</summary>
    public override Tensor forward(Tensor hidden, Positions positions, IBlockState? state)
    {
        using var scope = NewDisposeScope();
        var between = hidden.Plus(SelfAttn.call(InputLayernorm.call(hidden), positions, state));
        return between.Plus(Mlp.call(PostAttentionLayernorm.call(between))).MoveToOuterDisposeScope();
    }
}
