using Lanyard;
using Lanyard.Models.Layers;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Acme.Models;

/// <summary>model.layers.0: attention and a feed-forward block, each added to what went into its norm.</summary>
[ParameterModule]
public sealed partial class FalconLayer : Module<Tensor, (Tensor Cos, Tensor Sin), Tensor>
{
    public FalconLayer(FalconConfig config) : base(nameof(FalconLayer))
    {
        InputLayernorm = new RmsNorm(config.HiddenSize, config.RmsNormEps);
        SelfAttn = new GroupedAttention(
            config.HiddenSize, config.NumAttentionHeads, config.NumKeyValueHeads, config.HeadDim, config.AttentionBias, config.QueryKeyNorms ? config.RmsNormEps : null);
        PostAttentionLayernorm = new RmsNorm(config.HiddenSize, config.RmsNormEps);
        Mlp = new GatedMlp(config.HiddenSize, config.IntermediateSize);
        RegisterComponents();
    }

    public RmsNorm InputLayernorm { get; }          // model.layers.0.input_layernorm.weight

    public GroupedAttention SelfAttn { get; }       // .self_attn.{q,k,v}_proj.weight and .bias in one parameter each, .o_proj.weight

    public RmsNorm PostAttentionLayernorm { get; }

    public GatedMlp Mlp { get; }                    // .mlp.{gate,up}_proj.weight in one parameter, .down_proj.weight

    public override Tensor forward(Tensor hidden, (Tensor Cos, Tensor Sin) rotation)
    {
        using var scope = NewDisposeScope();
        var between = hidden.Plus(SelfAttn.call(InputLayernorm.call(hidden), rotation));
        return between.Plus(Mlp.call(PostAttentionLayernorm.call(between))).MoveToOuterDisposeScope();
    }
}
