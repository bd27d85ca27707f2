using Lanyard.Models.Layers;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Models.Llama4;

/// <summary>
/// One layer: attention and a feed-forward block, each added to what went into its norm.
/// Source: transformers, <c>modeling_llama4.py</c>, <c>Llama4TextDecoderLayer</c>.
/// </summary>
[ParameterModule]
[With("Mlp|Moe")]
public sealed partial class Llama4DecoderLayer : Module<Tensor, Positions, IBlockState?, Tensor>
{
    private readonly double _normEps;

    /// <summary>Makes one layer; the values are not initialised.</summary>
    /// <param name="config">The configuration.</param>
    /// <param name="layer">What is of this layer alone.</param>
    /// <param name="frequencies">One frequency for each pair of a head's elements: one array for all layers.</param>
    public Llama4DecoderLayer(Llama4Config config, Llama4LayerConfig layer, float[] frequencies)
        : base(nameof(Llama4DecoderLayer))
    {
        (Hidden, _normEps) = (config.HiddenSize, config.RmsNormEps);
        SelfAttn = new Llama4Attention(config, layer, frequencies);
        if (layer.IsMoe) Moe = new Llama4Moe(config);
        else Mlp = new GatedMlp(config.HiddenSize, config.IntermediateSizeMlp);
        RegisterComponents();
    }

    /// <summary>The width of the residual stream.</summary>
    [Axis]
    public int Hidden { get; }

    /// <summary>The weight of the norm before attention, [hidden].</summary>
    [Parameter("hidden")]
    [FromCheckpoint("input_layernorm.weight", "hidden")]
    public partial Parameter InputLayernormWeight { get; private set; }

    /// <summary>The weight of the norm before the feed-forward block, [hidden].</summary>
    [Parameter("hidden")]
    [FromCheckpoint("post_attention_layernorm.weight", "hidden")]
    public partial Parameter PostAttentionLayernormWeight { get; private set; }

    /// <summary>Attention.</summary>
    [Child(typeof(Llama4Attention))]
    public Module<Tensor, Positions, IBlockState?, Tensor> SelfAttn { get; private set; }

    /// <summary>The feed-forward block of a dense layer; null in the others.</summary>
    [CheckpointName("feed_forward")]
    [Child(typeof(GatedMlp))]
    public Module<Tensor, Tensor>? Mlp { get; private set; }

    /// <summary>The feed-forward block of a layer with experts; null in the others.</summary>
    [CheckpointName("feed_forward")]
    [Child(typeof(Llama4Moe))]
    public Module<Tensor, Tensor>? Moe { get; private set; }

    /// <summary>Runs the layer.</summary>
    /// <param name="hidden">[batch sequence hidden]</param>
    /// <param name="positions">Where the tokens stand.</param>
    /// <param name="state">What the attention keeps of the tokens before, or null.</param>
    /// <returns>[batch sequence hidden]</returns>
    /// <exception cref="NotSupportedException">The module holds a slice of one rank, and does not know what the ranks do together.</exception>
    public override Tensor forward(Tensor hidden, Positions positions, IBlockState? state)
    {
        using var scope = NewDisposeScope();
        var between = hidden.Plus(SelfAttn.call(Normalisation.Rms(hidden, InputLayernormWeight, _normEps), positions, state));
        var normed = Normalisation.Rms(between, PostAttentionLayernormWeight, _normEps);
        return between.Plus(Moe is null ? Mlp!.call(normed) : Moe.call(normed)).MoveToOuterDisposeScope();
    }
}
