using Lanyard.Models.Layers;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Models.Qwen35;

/// <summary>
/// One layer: linear or full attention, and a feed-forward block or a mixture, each added to what went into its norm, whose weights are stored less one.
/// Source: transformers, <c>modeling_qwen3_5.py</c>, <c>Qwen3_5DecoderLayer</c>.
/// </summary>
[ParameterModule]
[With("LinearAttn|SelfAttn")]
public sealed partial class Qwen35Layer : Module<Tensor, Positions, IBlockState?, Tensor>
{
    /// <summary>Makes the layer; the values are not initialised.</summary>
    /// <param name="config">The configuration.</param>
    /// <param name="isFull">Whether the attention is full.</param>
    /// <param name="rotary">How queries and keys are turned where it is.</param>
    public Qwen35Layer(Qwen35Config config, bool isFull, RotaryEmbedding rotary)
        : base(nameof(Qwen35Layer))
    {
        var decoder = config.Decoder;
        if (isFull) SelfAttn = new Qwen35Attention(decoder, rotary);
        else LinearAttn = new GatedDeltaNet(decoder.HiddenSize, config.DeltaNet, decoder.RmsNormEps);
        Mlp = config.Mixture is { } mixture ? new Qwen35Moe(mixture, config.SharedExpertIntermediateSize) : new GatedMlp(decoder.HiddenSize, decoder.IntermediateSize);
        (InputLayernorm, PostAttentionLayernorm) = (new RmsNorm(decoder.HiddenSize, decoder.RmsNormEps, 1), new RmsNorm(decoder.HiddenSize, decoder.RmsNormEps, 1));
        RegisterComponents();
    }

    /// <summary>The norm before attention.</summary>
    [Child(typeof(RmsNorm))]
    public Module<Tensor, Tensor> InputLayernorm { get; private set; }

    /// <summary>Linear attention, or null.</summary>
    [Child(typeof(GatedDeltaNet))]
    public Module<Tensor, Positions, IBlockState?, Tensor>? LinearAttn { get; private set; }

    /// <summary>Full attention, or null.</summary>
    [Child(typeof(Qwen35Attention))]
    public Module<Tensor, Positions, IBlockState?, Tensor>? SelfAttn { get; private set; }

    /// <summary>The norm before the feed-forward block.</summary>
    [Child(typeof(RmsNorm))]
    public Module<Tensor, Tensor> PostAttentionLayernorm { get; private set; }

    /// <summary>The feed-forward block, or a mixture.</summary>
    [Child(typeof(GatedMlp), typeof(Qwen35Moe))]
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
        var normed = InputLayernorm.call(hidden);
        var between = hidden.Plus(LinearAttn?.call(normed, positions, state) ?? SelfAttn!.call(normed, positions, state));
        return between.Plus(Mlp.call(PostAttentionLayernorm.call(between))).MoveToOuterDisposeScope();
    }
}
