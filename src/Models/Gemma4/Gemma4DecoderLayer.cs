using Lanyard.Models.Layers;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Models.Gemma4;

/// <summary>
/// One layer: attention and a feed-forward block, normalised before and behind; experts beside the block in some releases, an input of the tokens themselves for each
/// layer in others; all of it times a number. Source: transformers, <c>modeling_gemma4.py</c>, <c>Gemma4TextDecoderLayer</c>.
/// </summary>
[ParameterModule]
public sealed partial class Gemma4DecoderLayer : Module<Tensor, Positions, IBlockState?, Tensor>
{
    private readonly int _layer;

    /// <summary>Makes the layer; the values are not initialised.</summary>
    /// <param name="config">The configuration.</param>
    /// <param name="layer">Its number.</param>
    /// <param name="attention">Its attention.</param>
    public Gemma4DecoderLayer(Gemma4Config config, int layer, Gemma4Attention attention)
        : base(nameof(Gemma4DecoderLayer))
    {
        var (hidden, inner, eps) = (config.Decoder.HiddenSize, config.Decoder.IntermediateSize, config.Decoder.RmsNormEps);
        (_layer, AllExperts, SelfAttn) = (layer, Math.Max(config.NumExperts, 1), attention);
        Mlp = new GatedMlp(hidden, config.UseDoubleWideMlp && attention.HasSharedKeys ? 2 * inner : inner, Gates.GeluTanh);
        (InputLayernorm, PostAttentionLayernorm) = (Norm(), Norm());
        (PreFeedforwardLayernorm, PostFeedforwardLayernorm) = (Norm(), Norm());
        if (config.NumExperts > 0)
        {
            Router = new Gemma4Router(config.NumExperts, hidden, config.TopKExperts, eps);
            Experts = new Gemma4Experts(config.NumExperts, hidden, config.MoeIntermediateSize);
            (PostFeedforwardLayernorm1, PreFeedforwardLayernorm2, PostFeedforwardLayernorm2) = (Norm(), Norm(), Norm());
        }
        if (config.HiddenSizePerLayerInput is > 0 and var width)
        {
            PerLayerInputGate = new ReplicatedLinear(hidden, width);
            PerLayerProjection = new ReplicatedLinear(width, hidden);
            PostPerLayerInputNorm = Norm();
        }
        RegisterComponents();

        RmsNorm Norm() => new(hidden, eps, isWide: true);
    }

    // What children share, for who compares the map with a published list.
    [Axis]
    private int AllExperts { get; }

    // What of the layer is there together.
    private bool HasExperts => Experts is not null;

    private bool HasPerLayerInput => PerLayerInputGate is not null;

    /// <summary>The norm before attention.</summary>
    [Child(typeof(RmsNorm))]
    public Module<Tensor, Tensor> InputLayernorm { get; private set; }

    /// <summary>Attention.</summary>
    [Child(typeof(Gemma4Attention))]
    public Module<Tensor, Positions, IBlockState?, Tensor> SelfAttn { get; private set; }

    /// <summary>The norm behind it.</summary>
    [Child(typeof(RmsNorm))]
    public Module<Tensor, Tensor> PostAttentionLayernorm { get; private set; }

    /// <summary>The norm before the feed-forward block.</summary>
    [Child(typeof(RmsNorm))]
    public Module<Tensor, Tensor> PreFeedforwardLayernorm { get; private set; }

    /// <summary>The feed-forward block.</summary>
    [Child(typeof(GatedMlp))]
    public Module<Tensor, Tensor> Mlp { get; private set; }

    /// <summary>The norm behind it, or behind the sum with the experts.</summary>
    [Child(typeof(RmsNorm))]
    public Module<Tensor, Tensor> PostFeedforwardLayernorm { get; private set; }

    /// <summary>The router, or null.</summary>
    [Child(typeof(Gemma4Router), When = nameof(HasExperts))]
    public Module<Tensor, (Tensor Experts, Tensor Weights)>? Router { get; private set; }

    /// <summary>The experts, or null.</summary>
    [Child(typeof(Gemma4Experts), Axes = "experts = all_experts", When = nameof(HasExperts))]
    public Module<Tensor, Tensor, Tensor, Tensor>? Experts { get; private set; }

    /// <summary>The norm behind the feed-forward block where there are experts.</summary>
    [CheckpointName("post_feedforward_layernorm_1")]
    [Child(typeof(RmsNorm), When = nameof(HasExperts))]
    public Module<Tensor, Tensor>? PostFeedforwardLayernorm1 { get; private set; }

    /// <summary>The norm before the experts.</summary>
    [CheckpointName("pre_feedforward_layernorm_2")]
    [Child(typeof(RmsNorm), When = nameof(HasExperts))]
    public Module<Tensor, Tensor>? PreFeedforwardLayernorm2 { get; private set; }

    /// <summary>The norm behind the experts.</summary>
    [CheckpointName("post_feedforward_layernorm_2")]
    [Child(typeof(RmsNorm), When = nameof(HasExperts))]
    public Module<Tensor, Tensor>? PostFeedforwardLayernorm2 { get; private set; }

    /// <summary>What of the stream opens the layer's input, or null.</summary>
    [Child(typeof(ReplicatedLinear), Axes = "in = hidden, out = per_layer", When = nameof(HasPerLayerInput))]
    public Module<Tensor, Tensor>? PerLayerInputGate { get; private set; }

    /// <summary>The projection of the layer's input, or null.</summary>
    [Child(typeof(ReplicatedLinear), Axes = "in = per_layer, out = hidden", When = nameof(HasPerLayerInput))]
    public Module<Tensor, Tensor>? PerLayerProjection { get; private set; }

    /// <summary>The norm behind it, or null.</summary>
    [Child(typeof(RmsNorm), When = nameof(HasPerLayerInput))]
    public Module<Tensor, Tensor>? PostPerLayerInputNorm { get; private set; }

    /// <summary>What the layer's output is multiplied with, [1].</summary>
    [Parameter("1")]
    [FromCheckpoint("layer_scalar", "1")]
    public partial Parameter LayerScalar { get; private set; }

    /// <summary>Runs the layer.</summary>
    /// <param name="hidden">[batch sequence hidden]</param>
    /// <param name="positions">Where the tokens stand, and what the model left for its layers.</param>
    /// <param name="state">What the attention keeps of the tokens before, or null.</param>
    /// <returns>[batch sequence hidden]</returns>
    /// <exception cref="NotSupportedException">The module holds a slice of one rank, and does not know what the ranks do together.</exception>
    public override Tensor forward(Tensor hidden, Positions positions, IBlockState? state)
    {
        using var scope = NewDisposeScope();
        var between = hidden.Plus(PostAttentionLayernorm.call(SelfAttn.call(InputLayernorm.call(hidden), positions, state)));
        var block = Mlp.call(PreFeedforwardLayernorm.call(between));
        if (Experts is not null) block = PostFeedforwardLayernorm1!.call(block).Plus(Mixed(between));
        var output = between.Plus(PostFeedforwardLayernorm.call(block));
        if (PerLayerInputGate is not null)
        {
            var inputs = positions.Left(typeof(Gemma4Model))[0].select(2, _layer);
            output = output.Plus(PostPerLayerInputNorm!.call(PerLayerProjection!.call(Gates.GeluTanh(PerLayerInputGate.call(output)) * inputs)));
        }
        return (output * LayerScalar).MoveToOuterDisposeScope();
    }

    /// <summary>What the experts make of the stream before the feed-forward block.</summary>
    private Tensor Mixed(Tensor stream)
    {
        var tokens = stream.reshape(-1, stream.shape[^1]);
        var (experts, weights) = Router!.call(tokens);
        return PostFeedforwardLayernorm2!.call(Experts!.call(PreFeedforwardLayernorm2!.call(tokens), experts, weights).reshape(stream.shape));
    }
}
